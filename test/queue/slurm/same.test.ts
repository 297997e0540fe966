import { expect, it } from 'vitest';
import { apart } from '../../../src/queue/apart.ts';
import { house } from '../../cli/doctor-house.ts';
import { quietLog } from '../../recorded.ts';
import { describeOnSlurm } from './queue-on-slurm.ts';

const USERS = { c1: undefined, c2: ['root'], c3: ['nobody'], c4: ['nobody', 'root'] };
const TOLD = {
  c2: 'What root has in Slurm is followed as c1 already, and c2 follows nothing',
  c4: 'What nobody has in Slurm is followed as c3 already, and c4 follows nothing',
};

describeOnSlurm('the jobs of a user that several queues name', (on) => {
  it('are followed once', async () => {
    const id = await on.slurm.submit('sleep 600');
    await on.reaches(id, 'running');
    const queues = apart(
      Object.entries(USERS).map(([name, users]) => on.open({ name, users })),
      { clock: Date.now, log: quietLog },
    );
    await Promise.all(queues.map((queue) => queue.start(() => {})));
    expect(queues.filter((queue) => queue.snapshot()?.jobs.has(id)).map(({ name }) => name)).toEqual(['c1']);
    const problems = queues.flatMap((queue) => {
      const health = queue.health();
      return health.ok ? [] : [[queue.name, health.problem]];
    });
    expect(Object.fromEntries(problems)).toEqual({
      c2: expect.stringContaining(TOLD.c2),
      c4: expect.stringContaining(TOLD.c4),
    });
    for (const queue of queues) await queue.stop();
    await on.run('scancel', id);
  });

  it('are said by doctor to be named twice', async () => {
    const entries = Object.entries(USERS).map(
      ([name, users]) => `  - {name: ${name}, kind: slurm${users ? `, users: [${users.join(', ')}]` : ''}}\n`,
    );
    const of = await house(`queues:\n${entries.join('')}`, on.slurm.environment).look(true);
    for (const [name, detail] of Object.entries(TOLD))
      expect(of(`queue ${name}`)).toContainEqual(
        expect.objectContaining({ state: 'failure', detail: expect.stringContaining(detail) }),
      );
    for (const name of ['c1', 'c3'])
      expect(of(`queue ${name}`)).not.toContainEqual(expect.objectContaining({ state: 'failure' }));
  });
});
