import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { createSlurmQueue, type SlurmQueue } from '../../../src/queue/slurm/index.ts';
import { slurmKind } from '../../../src/queue/slurm/kind.ts';
import { house } from '../../cli/doctor-house.ts';
import { quietLog } from '../../recorded.ts';
import { type Slurm, startSlurm, whyNoSlurm } from '../../servers/slurm/index.ts';

const reason = whyNoSlurm();
if (reason) test.skip(`no doctor of a real Slurm: ${reason}`, () => {});

const PATIENCE_MS = 60_000;

describe.skipIf(reason !== null)('doctor and health of a real Slurm', { timeout: PATIENCE_MS }, () => {
  let slurm: Slurm;
  let project: string;
  beforeAll(async () => {
    slurm = await startSlurm();
    project = join(slurm.jobs, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'train.py'), '');
  }, PATIENCE_MS);
  afterAll(() => slurm?.stop(), PATIENCE_MS);

  const queueOf = (users?: string[]): SlurmQueue =>
    createSlurmQueue({
      ...{ name: 'cluster', users, runs: 'slurm-runs', env: slurm.environment },
      ...{ clock: Date.now, log: quietLog },
    });

  it('judge a preset by its folder and by what Slurm says, and by no xax', async () => {
    const { look } = house(
      `queues:
  - {name: cluster, kind: slurm}
  - {name: practice, kind: simulated}
presets:
  toy: {cwd: ${project}, argv: [python3, -m, train], slurm: {cpus: 1}}
  gone: {cwd: ${project}/gone, argv: [python3, -m, train]}
  huge: {cwd: ${project}, argv: [python3, train.py], slurm: {partition: nosuch}}
  node: {cwd: ${project}, argv: [only-on-nodes, train.py]}
  practice: {cwd: /nowhere, argv: [python3], queues: [practice]}
`,
      slurm.environment,
    );
    const of = await look(true);
    expect(of('preset toy cluster')).toMatchObject([
      { state: 'warning', detail: expect.stringMatching(/^train by Python 3.*first on PATH/) },
    ]);
    expect(of('preset gone cluster')).toMatchObject([
      { state: 'failure', detail: `the folder ${project}/gone does not exist` },
    ]);
    expect(of('preset huge cluster')).toMatchObject([
      { state: 'ok' },
      {
        state: 'failure',
        detail: expect.stringMatching(/^Slurm would never run it: .*invalid partition/),
        mend: expect.stringContaining('slurm:'),
      },
    ]);
    expect(of('preset node cluster')).toMatchObject([
      {
        state: 'warning',
        detail: 'there is no program only-on-nodes; where it runs that may be otherwise',
      },
    ]);
    expect(of('preset practice cluster')).toEqual([]);
  });

  it('launch nothing in a folder that is not there, and make none', async () => {
    const queue = queueOf();
    await queue.start(() => {});
    const cwd = join(slurm.jobs, 'nowhere');
    expect(await queue.launch({ argv: ['true'], cwd, assignments: {} }, () => {})).toMatchObject({
      done: false,
      reason: `the folder ${cwd} does not exist`,
    });
    expect(existsSync(cwd)).toBe(false);
    await queue.stop();
  });

  it('name users that the host does not know', async () => {
    const said = 'this host knows no user nosuchuser: no jobs of theirs are followed';
    const { look } = house(
      'queues:\n  - {name: cluster, kind: slurm, users: [root, nosuchuser]}\n',
      slurm.environment,
    );
    expect((await look(true))('slurm users')).toMatchObject([{ state: 'failure', detail: said }]);

    for (const [users, items] of [
      [['root', 'nosuchuser'], [said]],
      [['root'], []],
    ] as const) {
      const queue = queueOf([...users]);
      await queue.start(() => {});
      const found = slurmKind.health(queue, {}).filter(({ name }) => name === 'users');
      expect(found).toMatchObject(
        items.map((words) => ({ ok: false, detail: expect.stringContaining(words) })),
      );
      await queue.stop();
    }
  });
});
