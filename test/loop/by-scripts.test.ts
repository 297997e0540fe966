import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { experimentRow } from '../../src/core/experiment.ts';
import { formatExperimentLog } from '../../src/experiments/csv.ts';
import { eventually } from '../helpers.ts';
import { type ToyBot, toyBot } from '../toy-bot.ts';

let world: ToyBot;
beforeEach(async () => {
  world = await toyBot({ launchedSeconds: 20 });
});
afterEach(() => world.stop());

describe('a session that scripts made', () => {
  const made = (experiment_id: string, objective_value: string, more = {}) => ({
    fields: experimentRow({
      experiment_id,
      status: 'completed',
      objective_metric: 'acc',
      objective_mode: 'max',
      objective_value,
      started_at: '2026-11-23T15:00:00Z',
      ended_at: '2026-11-23T16:00:00Z',
      ...more,
    }),
    extra: {},
  });
  beforeEach(() => {
    const folder = join(world.folder, 'experiments', 'scripted');
    mkdirSync(folder, { recursive: true });
    const rows = [made('b1', '0.9'), made('b2', '0.5', { hypothesis: 'deeper is better' })];
    writeFileSync(join(folder, 'experiment_log.csv'), formatExperimentLog(rows));
  });

  it('is after what its rows are, whatever the session before it was after', async () => {
    await world.ask('session new other metric=value/loss mode=min');
    expect(await world.said('session use scripted')).toMatch(/objective: acc, higher is better/);
    expect(await world.said('report')).toMatch(/Best: b1 with acc 0\.9/);
    const report = readFileSync(join(world.folder, 'experiments/scripted/experiment_report.md'), 'utf8');
    expect(report).toMatch(/Objective mode: max[\s\S]*- b1: acc=0\.9/);
  });

  it('gets its verdicts too, though its runs are no jobs of this queue', async () => {
    await world.ask('session use scripted');
    expect(await world.said('verdicts')).toMatch(/1 run waits.*b2 completed.*experiment edit b2 result=/s);
    await world.ask('experiment edit b2 result="refuted: no deeper than before"');
    expect(await world.said('verdicts')).toMatch(/No run waits/);
    expect(await world.said('experiment edit b2 result="confirmed: after all"')).toMatch(
      /Someone already wrote: "refuted: no deeper than before"/,
    );
    expect((await world.row('scripted', 'b2'))?.result_summary).toBe('refuted: no deeper than before');
  });
});

it('a run that somebody killed says nothing of its settings, and is suggested and swept again', async () => {
  await world.ask('session new s metric=value/loss mode=min');
  const killed = async (rate: string) => {
    const { data } = await world.ask(`queue toy learning_rate=${rate}`);
    const { jobId } = data as { jobId: string };
    await eventually('its start', () => world.queue.snapshot()!.jobs.get(jobId)?.status === 'running');
    await world.queue.kill(world.queue.snapshot()!.jobs.get(jobId)!, { graceMs: 100, onSignal() {} });
    await eventually('its end', async () => (await world.row('s', jobId))?.status === 'failed');
  };
  for (const rate of ['0.02', '0.03', '0.04']) await killed(rate);
  const { stop } = (await world.ask('suggest preset=toy')).data as { stop: unknown };
  expect(stop).toBeNull();
  expect(await world.said('sweep toy learning_rate=0.02,0.05')).toMatch(/Plan 2 runs/);
});
