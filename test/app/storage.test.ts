import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { DISK_TROUBLES } from '../disk-troubles.ts';
import { eventually } from '../helpers.ts';
import { type ToyBot, toyBot, words } from '../toy-bot.ts';

let world: ToyBot | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

/** The longest time for which nothing else could run while something was going on, milliseconds. */
async function longestHold(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  await work();
  clearInterval(timer);
  return longest;
}

it.each(Object.entries(DISK_TROUBLES))(
  '%s: the bot says so, stays up, loses nothing, and goes on',
  async (said, begin) => {
    world = await toyBot({ launchedSeconds: 600, timings: { app: { tickMs: 200 } } });
    const { folder, queue, ask } = world;
    await world.enqueue(600);
    const { db } = world.bot().app.parts;
    const end = begin(db, folder);
    const job = (name: string) =>
      queue.enqueue({ taskKey: `a.b.${name}`, settings: {}, steps: 10, seconds: 600, fate: 'completes' });
    job('Meanwhile');
    const health = async () => words(await ask('health'));
    const held = await longestHold(async () => {
      await eventually('health says so', async () => (await health()).replace(/\s+/g, ' ').includes(said));
      // Longer than what is left anywhere.
      const note = await ask(`note 1 ${'hello '.repeat(600)}`);
      expect([note.ok, note.errorCode, words(note)]).toEqual([
        false,
        'storage',
        expect.stringContaining(said),
      ]);
      expect((await ask('status')).ok).toBe(true);
      job('Another');
      await sleep(300);
    });
    expect(held).toBeLessThan(1_000);
    expect((await ask('health')).ok).toBe(false);
    end();
    await eventually('it is well again', async () => (await ask('health')).ok);
    const told = async (name: string) =>
      (await world!.channel()).filter(({ text }) => text.startsWith(name)).length;
    await eventually(
      'both are told',
      async () => (await told('Meanwhile')) === 1 && (await told('Another')) === 1,
    );
    await eventually('in threads too', async () => (await world!.thread('job-0000002')).length === 1);
    expect((await ask('note 1 again')).ok).toBe(true);
    await world.restart();
    expect([await told('Meanwhile'), await told('Another')]).toEqual([1, 1]);
  },
);
