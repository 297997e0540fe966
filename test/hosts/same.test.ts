import { mkdirSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainText } from '../../src/core/plain-text.ts';
import { createRecordedHome, startTestBot } from '../bot.ts';
import { house } from '../cli/doctor-house.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type Sshd, startSshd, whyNoSshd } from '../servers/sshd/index.ts';

const why = whyNoSshd();
const PATIENCE_MS = 60_000;

describe.skipIf(why !== null)(
  `one queue under several spellings (${why ?? 'by a real sshd'})`,
  { timeout: PATIENCE_MS },
  () => {
    let box: Sshd;
    let bot: Awaited<ReturnType<typeof startTestBot>>;
    let queues: string;

    beforeAll(async () => {
      box = await startSshd();
      // The recorded day, which is the login's own queue.
      const recorded = createRecordedHome(box.folder);
      recorded.show('030.json');
      recorded.beat();
      symlinkSync(recorded.home, join(box.home, '.xax'));
      mkdirSync(join(box.home, 'other'));
      queues = `watch: {defaults: false}
queues:
  - {name: first, host: box}
  - {name: login, host: ${userInfo().username}@box}
  - {name: other, host: box, home: ~/other}
  - {name: named, host: box, home: ~/.xax}
  - {name: here, home: ${recorded.home}}
presets:
  toy: {cwd: /tmp, argv: [python3, -m, examples.toy]}
`;
      const folder = temporaryFolder();
      bot = await startTestBot({
        ...{ folder, home: folder, yaml: queues },
        env: { PATH: `${box.bin}:${process.env.PATH}` },
      });
    }, PATIENCE_MS);
    afterAll(async () => {
      await bot?.app.stop();
      await box?.stop();
    }, PATIENCE_MS);

    const said = async (words: string) => plainText((await bot.ask(words)).message, { now: 0 });
    const TWICE = ['login', 'named', 'here'];

    it('is followed under the first, and each job is told once', async () => {
      await eventually('it is read', async () => /first\/job-0000010/.test(await said('jobs limit=200')));
      expect(await said('jobs limit=200')).not.toMatch(/(login|named|here)\/job-/);
      const board = await said('status');
      expect(board).toMatch(/Queue first\n(?!The queue cannot)/);
      expect(board).toMatch(/Queue other\n(?!The queue cannot)/);
      for (const name of TWICE)
        expect(board).toMatch(
          new RegExp(
            `Queue ${name}\\nThe queue cannot be read: /.*/home( on .*)? is followed as first already, and ${name} follows nothing`,
          ),
        );
    });

    it('shows in health, and nothing is done by the other names', async () => {
      const wrong = bot.app.health().flatMap(({ name, ok, detail }) => (ok ? [] : [`${name}: ${detail}`]));
      for (const name of TWICE)
        expect(wrong).toContainEqual(
          expect.stringMatching(
            new RegExp(`^queue ${name}: .* followed as first already, and ${name} follows`),
          ),
        );
      expect(wrong.filter((line) => /^queue (first|other)/.test(line))).toEqual([]);
      expect(await said('queue toy on=login')).toContain('is followed as first already');
      expect(await said('cancel login/10')).toMatch(/no job|There is no/);
    });

    it('is told by doctor too', async () => {
      const of = await house(queues, { PATH: `${box.bin}:${process.env.PATH}` }).look(true);
      for (const name of TWICE)
        expect(of(`queue ${name}`)).toContainEqual(
          expect.objectContaining({
            state: 'failure',
            detail: expect.stringContaining(`followed as first already, and ${name} follows nothing`),
          }),
        );
      for (const name of ['first', 'other'])
        expect(of(`queue ${name}`)).not.toContainEqual(expect.objectContaining({ state: 'failure' }));
    });
  },
);
