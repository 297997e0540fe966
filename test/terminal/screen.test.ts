import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { legible, spelledOut } from '../../src/core/unseen.ts';
import { temporaryFolder } from '../helpers.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));
/** Names the window, clears the screen, colours by a C1 control, and turns the words around. */
const ESCAPES = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e';
/** What a terminal acts on, and what reorders what it shows. */
const ACTING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

describe('what the program writes on the terminal', () => {
  const folder = temporaryFolder();
  const at = join(folder, `pro${ESCAPES}j`);
  const run = (...argv: string[]) => {
    const { stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...argv], {
      cwd: at,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        XAX_HOME: join(folder, 'xax'),
        XAXBOT_DATA_DIR: join(folder, `data${ESCAPES}`),
        XAXBOT_WEB_PORT: 'off',
        TZ: 'Asia/Kolkata',
      },
      encoding: 'utf8',
    });
    return stdout + stderr;
  };

  beforeAll(() => {
    mkdirSync(at);
    mkdirSync(join(folder, 'xax'));
    writeFileSync(
      join(folder, 'xax', 'queue_state.json'),
      JSON.stringify({ version: 1, [`what${ESCAPES}`]: 1, jobs: `no${ESCAPES}` }),
    );
    writeFileSync(join(at, 'xaxbot.yaml'), 'host: "g\\e[31m1"\n');
    writeFileSync(join(at, 'wrong.yaml'), 'presets:\n  "to\\e]0;x\\a\\u202Ey": {}\n"bad\\e[1m": 3\n');
  });

  it.each([
    [['doctor'], /pro\\x1b\]0;owned\\x07/],
    [['jobs', '--json'], /"ok"/],
    [['start', '--config', 'wrong.yaml'], /presets\.to\\x1b\]0;x\\x07\\u202ey: is not a valid name/],
    [['doctor', '--config', `none${ESCAPES}`], /none\\x1b\]0;owned/],
    [['log', 'sync', '--status-json', `none${ESCAPES}`], /none\\x1b\]0;owned/],
  ])('%j lets nothing of a file or a name act on it', (argv, says) => {
    const written = run(...argv);
    expect(written).not.toMatch(ACTING);
    expect(written).toMatch(says);
  });
});

describe('a text as people are shown it', () => {
  it.each([
    ['what acts and what hides is gone', `a${ESCAPES}b\u200b\u2066c\u061c\u00ad\u{e0061}\r\n`, 'abc\n'],
    ['line ends are line feeds', 'a\u2028b\u0085c', 'a\nb\nc'],
    ['half a pair is no character', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
    [
      'emoji, flags and keycaps stay',
      '👩‍🔬 ❤️ 🏴\u{e0067}\u{e0062}\u{e007f} 1️⃣',
      '👩‍🔬 ❤️ 🏴\u{e0067}\u{e0062}\u{e007f} 1️⃣',
    ],
    ['joined scripts stay joined', 'می‌خواهم ಕ್‍ಷ', 'می‌خواهم ಕ್‍ಷ'],
    ['joiners between other letters are gone', 'ka\u200cn\u200dte', 'kante'],
    ['marks do not pile up', `Z${'\u0301'.repeat(50)}`, `Z${'\u0301'.repeat(8)}`],
    ['an unended sequence hides nothing', '\u001b]0;all of this', ']0;all of this'],
  ])('%s', (_what, given, shown) => {
    expect(legible(given)).toBe(shown);
  });

  it('where a name is wrong for it, what is not legible is spelled out', () => {
    expect(spelledOut(`a${ESCAPES}${'\ud800'}\u{e0061}é👩‍🔬\n`)).toBe(
      'a\\x1b]0;owned\\x07\\x1b[2J\\x9b31m\\u202e\\ud800\\u{e0061}é👩‍🔬\n',
    );
  });

  it('takes time by its length alone', () => {
    const took = (text: string) => {
      const began = process.cpuUsage();
      legible(text);
      spelledOut(text);
      return process.cpuUsage(began).user / 1_000;
    };
    for (const unit of [
      '\u001b]',
      '\u001b]a',
      '\u001b[1;',
      '\u0301',
      '\u200d',
      '👩‍',
      '\u009b',
      '🏴\u{e0061}',
    ])
      expect(took(unit.repeat(60_000)), JSON.stringify(unit)).toBeLessThan(1_000);
  });
});
