import { afterEach, describe, expect, it } from 'vitest';
import { type QuietHours, quietHoursIn, quietHoursText, quietUntil } from '../../src/core/pings.ts';
import { eventually } from '../helpers.ts';
import { ADA, BOB, type ToyBot, toyBot } from '../toy-bot.ts';

describe('quiet hours', () => {
  it('are read as people write them, and refused where they are none', () => {
    const read = (text: string) => {
      const quiet = quietHoursIn(text, 'UTC');
      return quiet && quietHoursText(quiet);
    };
    expect(['22:00-08:00', '22-8', '7:30 to 9', '22–24', ' 0-6 '].map(read)).toEqual([
      '22:00 to 08:00',
      '22:00 to 08:00',
      '07:30 to 09:00',
      '22:00 to 00:00',
      '00:00 to 06:00',
    ]);
    expect(['', '22', '22-22', '25-3', '22:60-8', '24-0', '22:00-08:00-09:00', 'night'].map(read)).toEqual(
      Array.from({ length: 8 }, () => undefined),
    );
  });

  it('end at their end in their own zone, over midnight and where the clock is put forward or back', () => {
    const until = (quiet: Partial<QuietHours>, at: string) =>
      new Date(
        quietUntil({ from: 22 * 60, to: 8 * 60, zone: 'Europe/Zurich', ...quiet }, Date.parse(at)),
      ).toISOString();
    expect(until({}, '2026-11-30T20:59:00Z')).toBe('2026-11-30T20:59:00.000Z');
    expect(until({}, '2026-11-30T21:00:30Z')).toBe('2026-12-01T07:00:00.000Z');
    expect(until({}, '2026-12-01T06:59:59Z')).toBe('2026-12-01T07:00:00.000Z');
    expect(until({}, '2026-12-01T07:00:00Z')).toBe('2026-12-01T07:00:00.000Z');
    expect(until({ from: 60, to: 120 }, '2026-12-01T00:30:00Z')).toBe('2026-12-01T01:00:00.000Z');
    expect(until({ zone: 'Asia/Kolkata' }, '2026-11-30T18:00:00Z')).toBe('2026-12-01T02:30:00.000Z');
    // Zurich: 29 March 2026 has 23 hours, 25 October 25.
    expect(until({}, '2026-03-28T22:00:00Z')).toBe('2026-03-29T06:00:00.000Z');
    expect(until({}, '2026-10-24T22:00:00Z')).toBe('2026-10-25T07:00:00.000Z');
  });
});

/** Whom a thread's messages ping, each as `@Name`. */
async function mentions(world: ToyBot, jobId: string): Promise<string[]> {
  return (await world.thread(jobId)).flatMap(({ text }) => text.match(/@\w+/g) ?? []);
}

describe('whom a post pings', () => {
  let world: ToyBot;
  afterEach(() => world.stop());

  it('is the owner of a run that ended, unless they do not want that, now, or of this job', async () => {
    world = await toyBot();
    const run = async (): Promise<string[]> => {
      const { jobId } = (await world.ask('queue toy')).data as { jobId: string };
      await world.heardOfEnd(jobId);
      return mentions(world, jobId);
    };
    expect(await run()).toEqual(['@Ada']);
    await world.ask('pings off ended');
    expect(await run()).toEqual([]);
    await world.ask('pings on ended');
    await world.ask('pings quiet 0-12');
    await world.ask('pings mute minutes=5');
    expect(await run()).toEqual([]);
    await world.ask('pings quiet off');
    expect(await run()).toEqual([]);
    await world.ask('pings unmute');
    expect(await run()).toEqual(['@Ada']);
    // Whoever is told privately is told once.
    await world.ask('subscribe');
    expect(await run()).toEqual([]);
  });

  it('is nobody who brought an end about, and the owner where somebody else did', async () => {
    world = await toyBot({ launchedSeconds: 60 });
    const { jobId } = (await world.ask('queue toy', ADA)).data as { jobId: string };
    const other = (await world.ask('queue toy', ADA)).data as { jobId: string };
    await eventually('it runs', () => world.queue.snapshot()!.running.includes(jobId));
    await world.ask(`kill ${jobId}`, ADA, { preconfirmed: true });
    await world.heardOfEnd(jobId);
    expect(await mentions(world, jobId)).toEqual([]);
    await eventually('the other runs', () => world.queue.snapshot()!.running.includes(other.jobId));
    await world.ask(`kill ${other.jobId}`, BOB, { preconfirmed: true });
    await world.heardOfEnd(other.jobId);
    expect(await mentions(world, other.jobId)).toEqual(['@Ada']);
  });

  it('is muted about one job alone, and what was chosen stands after a restart', async () => {
    world = await toyBot({ launchedSeconds: 1 });
    const { jobId } = (await world.ask('queue toy')).data as { jobId: string };
    const other = (await world.ask('queue toy')).data as { jobId: string };
    expect(await world.said(`pings mute job=${jobId}`)).toMatch(
      new RegExp(`^Muted: nothing about ${jobId} pings you until .*\\n[\\s\\S]*Muted: ${jobId}, until`),
    );
    await world.ask('pings off watch');
    await world.restart();
    await world.heardOfEnd(other.jobId);
    expect([await mentions(world, jobId), await mentions(world, other.jobId)]).toEqual([[], ['@Ada']]);
    expect(await world.said('pings')).toMatch(/watch +off[\s\S]*Quiet hours: none\.\nMuted: job-0000001/);
  });

  it('says beside the pings what is told to somebody alone', async () => {
    world = await toyBot();
    expect(await world.said('pings')).toContain('Told to you alone: nothing.');
    const inSlack = (words: string) =>
      world.ask(words, ADA, { adapter: 'slack', account: { id: 'U0ADA', name: 'Ada' } });
    expect((await inSlack('subscribe')).ok).toBe(true);
    expect(await world.said('pings')).toContain(
      'Told to you alone: the ends of your runs, in place of a ping.',
    );
  });

  it('says what is accepted where a choice is none, and changes nothing then', async () => {
    world = await toyBot();
    expect(await world.said('pings off everything')).toMatch(/accepted: ended, failed, .* or all/);
    expect(await world.said('pings quiet late')).toMatch(/accepted: hours such as 22:00-08:00, or off/);
    expect(await world.said('pings quiet 22-8 zone=Mars')).toMatch(/zone is "Mars"; accepted: an IANA/);
    expect(await world.said('pings unmute')).toMatch(/is not muted for you/);
    expect(await world.said('pings')).not.toMatch(/ off |Muted/);
  });
});
