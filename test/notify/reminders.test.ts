import { afterEach, describe, expect, it } from 'vitest';
import { jobKeyText } from '../../src/core/job.ts';
import { createUnseenFailures } from '../../src/store/unseen-failures.ts';
import { eventually } from '../helpers.ts';
import { ADA, EVE, type ToyBot, toyBot } from '../toy-bot.ts';

const NEVER = Number.MAX_SAFE_INTEGER;

describe('a failed run that nobody looks at', () => {
  let world: ToyBot;
  afterEach(() => world.stop());

  const quick = (settings = {}) => toyBot({ settings, timings: { app: { tickMs: 50 } } });
  const unseen = () => createUnseenFailures(world.bot().app.parts.db);

  /** A failed run of Ada's, once its end is known; nobody has looked at it. */
  async function failed(): Promise<string> {
    const job = world.queue.enqueue({
      taskKey: 'examples.toy.ToyRegression',
      settings: {},
      steps: 100,
      seconds: 0.1,
      fate: 'fails',
    });
    await eventually('its end', () =>
      unseen()
        .due(NEVER, 10)
        .some(({ job: key }) => key === jobKeyText(job)),
    );
    return job.jobId;
  }
  /** As if it had been long ago. */
  function late(): void {
    for (const { job } of unseen().due(NEVER, 10)) unseen().putOff(job, Date.now());
  }
  const reminders = async (jobId: string) =>
    (await world.thread(jobId)).map(({ text }) => text).filter((text) => text.includes('nobody has looked'));

  it('is told to its owner once, with what to do', async () => {
    world = await quick();
    const jobId = await failed();
    await world.bot().app.settled();
    late();
    await eventually('the reminder', () => unseen().due(NEVER, 10).length === 0);
    late();
    expect(await reminders(jobId)).toEqual([
      expect.stringMatching(
        /^job-0000001 failed .*, and nobody has looked at it yet, @Ada: .+\n\[Logs\].*\[Verdict\]/,
      ),
    ]);
  });

  it('is not where somebody asked about it, or opened its thread', async () => {
    world = await quick();
    const asked = await failed();
    await world.ask(`logs ${asked}`, EVE);
    expect(unseen().due(NEVER, 10)).toEqual([]);
    const opened = await failed();
    await world.thread(opened);
    expect(unseen().due(NEVER, 10)).toEqual([]);
  });

  it('waits while its owner is not to be pinged, and is let go where they want no reminders', async () => {
    world = await quick();
    await failed();
    await world.bot().app.settled();
    await world.ask('pings mute minutes=5');
    late();
    await eventually('it waits', () => unseen().due(Date.now() + 4 * 60_000, 10).length === 0);
    expect(unseen().due(Date.now() + 6 * 60_000, 10)).toHaveLength(1);
    await world.ask('pings off reminders');
    late();
    await eventually('it is let go', () => unseen().due(NEVER, 10).length === 0);
    expect(await reminders('job-0000001')).toEqual([]);
  });

  it('is none that somebody killed, from here or elsewhere, and none that was cancelled', async () => {
    world = await quick();
    const [first, second, third] = [
      await world.enqueue(60),
      await world.enqueue(60),
      await world.enqueue(60),
    ];
    await world.queue.cancel(third);
    await eventually('it runs', () => world.queue.snapshot()!.running.includes(first.jobId));
    await world.ask(`kill ${first.jobId}`, ADA, { preconfirmed: true });
    await eventually('the next runs', () => world.queue.snapshot()!.running.includes(second.jobId));
    await world.queue.kill(second, { graceMs: 10 });
    await world.heardOfEnd(second.jobId);
    expect(unseen().due(NEVER, 10)).toEqual([]);
  });

  it('waits for as long as the settings say, or is nothing to remind of', async () => {
    world = await quick({ reminders: { failed_after_hours: 2 } });
    await failed();
    expect(unseen().due(Date.now() + 2 * 3_600_000 - 60_000, 10)).toEqual([]);
    expect(unseen().due(Date.now() + 2 * 3_600_000, 10)).toHaveLength(1);
    await world.stop();
    world = await quick({ reminders: { failed_after_hours: 0 } });
    const job = await world.enqueue(60);
    await eventually('it runs', () => world.queue.snapshot()!.running.includes(job.jobId));
    expect(unseen().due(NEVER, 10)).toEqual([]);
  });
});
