import { afterEach, expect, it } from 'vitest';
import type { Preset } from '../../../src/core/preset.ts';
import { createQueues } from '../../../src/core/queues.ts';
import { createQueueChoice } from '../../../src/launch/choose-queue.ts';
import { createStarts } from '../../../src/notify/starts.ts';
import { temporaryFolder } from '../../helpers.ts';
import { quietLog } from '../../recorded.ts';
import { ADA, toyQueue } from '../../toy-bot.ts';
import { describeOnSlurm, WHOLE } from './queue-on-slurm.ts';

const BOX_SECONDS = 3_600;
const MINUTES = 60;

describeOnSlurm('when Slurm starts what waits', (on) => {
  const { now, reaches, run, until } = on;
  const startOf = (id: string) => on.queue.snapshot()!.startsAt!.get(id);
  const inSeconds = (seconds: number) => ({
    from: Date.now() / 1000 + seconds - MINUTES,
    to: Date.now() / 1000 + seconds + MINUTES,
  });
  /** The next test finds an empty cluster. */
  afterEach(async () => {
    await run('scancel', '-u', 'root');
    await until('nothing is there', () =>
      [...on.queue.snapshot()!.jobs.values()].every(({ endedAt }) => endedAt !== null),
    );
  });
  /** Where a preset goes that may run on the cluster and on a box where one more job would start in an hour. */
  async function chosen(slurm: Preset['slurm'] = {}) {
    // It needs no observer, as nothing is started there.
    const { startedBy: _, ...box } = toyQueue(temporaryFolder(), undefined, 'box');
    const starts = createStarts({
      jobs: { get: () => undefined, usualSeconds: () => null },
      metrics: { progress: async () => null },
      soon: (work) => work,
      clock: Date.now,
      log: quietLog,
    });
    const choice = createQueueChoice({
      queues: createQueues([on.queue, box]),
      nextStart: async (queue, resources) =>
        queue.name === 'box' ? { low: 0, high: BOX_SECONDS } : starts.next(queue, resources),
    });
    const preset = {
      name: 'toy',
      description: '',
      cwd: '/',
      argv: ['true'],
      options: {},
      allowExtra: [],
      slurm,
    };
    const { queue, why } = await choice.choose(preset, undefined, ADA);
    return `${queue.name}: ${why}`;
  }

  it('a run goes to the cluster where that is free', async () => {
    expect(await chosen()).toBe('cluster: it starts at once; on box it starts in 1 h.');
    expect(await chosen({ cpus: 2, gpus: '2', time: '5' })).toMatch(/^cluster: it starts at once/);
  });

  it('what the cluster would not take goes elsewhere', async () => {
    expect(await chosen({ cpus: 64 })).toBe(
      'box: it starts in 1 h; on cluster its scheduler would not take it.',
    );
  });

  it('a start behind jobs that have a limit is told, and compared with that of other queues', async () => {
    const first = await slurmJob('30');
    await reaches(first, 'running');
    expect(await chosen()).toMatch(/^cluster: it starts in (29 min.*|30 min); on box it starts in 1 h\.$/);
    const second = await slurmJob('60');
    const { from, to } = inSeconds(30 * MINUTES);
    await until('its start is told', () => (startOf(second) ?? 0) > from && startOf(second)! < to);
    expect(await chosen()).toMatch(/^box: it starts in 1 h; on cluster it starts in 1 h (29|30) min\.$/);
  });

  it('a start behind a job without limit is told by nobody', async () => {
    const first = await on.slurm.submit('sleep 600', WHOLE);
    await reaches(first, 'running');
    const second = await slurmJob('5');
    const third = await on.slurm.submit('true', ['--begin=now+2hours']);
    const { from, to } = inSeconds(120 * MINUTES);
    await until('another start is told', () => (startOf(third) ?? 0) > from && startOf(third)! < to);
    await eventuallyPlanned(second);
    await on.queue.refresh();
    expect(now(second)).toMatchObject({ status: 'queued' });
    expect(startOf(second)).toBeUndefined();
    expect(await chosen()).toBe(
      'box: it starts in 1 h; on cluster it waits behind 2, nobody knows for how long.',
    );
  });

  const slurmJob = (minutes: string) => on.slurm.submit('sleep 600', [...WHOLE, `--time=${minutes}`]);
  /** Slurm itself has a start for it. */
  const eventuallyPlanned = (id: string) =>
    until('Slurm plans it', async () => /^\d{4}-/.test((await on.slurm.job(id))?.StartTime ?? ''));
});
