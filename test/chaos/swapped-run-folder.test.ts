import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ADA, asUser, BOB, call, IS_ROOT, make, sharedFolder } from '../files/other-user.ts';
import { figure, runs } from './figures.ts';

const READS = runs({ full: 20_000, ci: 1_000 });
const SECRET = 'a line of a private file\n';
const OWN = 'a line of the run\n';

it.skipIf(!IS_ROOT)(
  'a run folder that its owner swaps with a link, again and again, is read or refused, and leads nowhere else (takes root)',
  async ({ task }) => {
    const top = sharedFolder();
    const [ada, bob] = [make.folder(join(top, 'ada')), make.folder(join(top, 'bob'), BOB, 0o755)];
    make.file(join(ada, 'logs.txt'), ADA, 0o600, SECRET);
    const [run, aside, trap] = [join(bob, 'run'), join(bob, 'aside'), join(bob, 'trap')];
    make.folder(run, BOB, 0o755);
    make.file(join(run, 'logs.txt'), BOB, 0o644, OWN);
    make.link(trap, ada, BOB);
    const one = call('queue/run-files.ts', 'createRunFiles', [run], ['read', 'logs.txt', 0, 100]);
    let isOver = false;
    const reading = asUser(ADA, Array<typeof one>(READS).fill(one)).finally(() => {
      isOver = true;
    });
    let swaps = 0;
    for (; !isOver; swaps += 1) {
      renameSync(run, aside);
      renameSync(trap, run);
      if (swaps % 2) await turn();
      renameSync(run, trap);
      renameSync(aside, run);
      await turn();
    }
    const outcomes = await reading;
    const count = (text: string) => outcomes.filter(({ value }) => value === text).length;
    figure(task, {
      attack: "Files: a run folder swapped all the while with a link to another user's folder",
      runs: READS,
      result: `${count(SECRET)} led away`,
    });
    expect(count(SECRET)).toBe(0);
    expect(count(OWN)).toBeGreaterThan(0);
    expect(outcomes.some(({ error }) => error !== undefined)).toBe(true);
  },
);
