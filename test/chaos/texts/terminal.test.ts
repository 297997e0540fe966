import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inLine } from '../../../adapters/terminal/screen.ts';
import { plainText } from '../../../src/core/plain-text.ts';
import { spelledOut } from '../../../src/core/unseen.ts';
import { temporaryFolder } from '../../helpers.ts';
import { hostileTexts } from '../../hostile-texts.ts';
import { SEED } from '../figures.ts';
import { tryTexts } from './faults.ts';
import { placed, says } from './placed.ts';
import { screenOf, withoutTags } from './screen.ts';

const MODULE = new URL('../../../adapters/terminal/screen.ts', import.meta.url).href;
const LOG = new URL('../../../src/cli/log.ts', import.meta.url).href;

it('a terminal shows messages as they were written, and obeys nothing of them', async ({ task }) => {
  const attack = 'texts in every place of a message, on a terminal';
  await tryTexts(task, { attack, ci: 60 }, (text, index) =>
    placed(text, index).flatMap(({ place, message, seen }) => {
      const { shown, obeyed } = screenOf(spelledOut(plainText(message, { now: 0 })));
      const found = obeyed.map((what) => `${place}, obeyed: ${what}`);
      if (!['table', 'fields', 'picture', 'button'].includes(place) && !says(shown, withoutTags(seen)))
        found.push(`${place}, says: ${shown}`);
      return found;
    }),
  );
});

it('a terminal obeys nothing of names, paths and errors, and shows what they hold', async ({ task }) => {
  const attack = 'texts in errors and names, on a terminal';
  await tryTexts(task, { attack, ci: 150 }, (text) => {
    const { shown, obeyed } = screenOf(spelledOut(`/data/${text}/x cannot be read`));
    const found = obeyed.map((what) => `obeyed: ${what}`);
    if (!shown.startsWith('/data/') || !shown.endsWith('/x cannot be read')) found.push(`says: ${shown}`);
    if (inLine(text).includes('\n')) found.push('lines: more than one');
    return found;
  });
});

it('the program writes nothing else: answers, JSON, complaints, its log, warnings and errors', () => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const texts = hostileTexts(SEED, 300).map(({ text }) => text.toWellFormed());
  writeFileSync(join(folder, 'texts.json'), JSON.stringify(texts));
  writeFileSync(
    join(folder, 'write.ts'),
    `import { readFileSync } from 'node:fs';
    import { complain, complainOf, guardScreen, inLine, say, sayJson } from ${JSON.stringify(MODULE)};
    import { createLog, createPlainLog } from ${JSON.stringify(LOG)};
    const texts = JSON.parse(readFileSync(new URL('./texts.json', import.meta.url), 'utf8'));
    guardScreen((text) => text);
    const [log, plain] = [createLog('info'), createPlainLog()];
    for (const text of texts) {
      say(text);
      complain(inLine(text));
      sayJson(JSON.stringify({ [text]: text }));
      log.warn({ [text]: text, error: new Error(text) }, text);
      plain.warn({ error: text }, text);
      complainOf(Object.assign(new Error(text), { path: text }), (all) => all);
      process.emitWarning(text, { code: 'X', detail: text });
    }
    process.stdout.write('', () => setTimeout(() => { throw new Error(texts.join('')); }, 10));`,
  );
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(folder, 'write.ts')],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  expect(status).toBe(1);
  expect(screenOf(stdout).obeyed).toEqual([]);
  expect(screenOf(stderr).obeyed).toEqual([]);
  const records = stdout.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  const values = records.flatMap((line) => {
    try {
      return Object.entries(JSON.parse(line) as Record<string, string>);
    } catch {
      return [];
    }
  });
  for (const text of texts) expect(values).toContainEqual([text, text]);
});
