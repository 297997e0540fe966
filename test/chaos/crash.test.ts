import { expect, it } from 'vitest';
import type { Platform } from './chats.ts';
import { crashAgainAndAgain } from './crash-world.ts';
import { figure, runs, SEED } from './figures.ts';

/** Worlds side by side: much of a life is waiting. */
const AT_ONCE = runs({ full: 6, ci: 3 });
const PLATFORMS: Platform[][] = [['slack'], ['discord']];
const KILLS = runs({ full: 1_000, ci: 50 });

const PATIENCE_MS = runs({ full: 3 * 3_600_000, ci: 600_000 });
/** In each world. */
const LIVES = runs({ full: 50, ci: 25 });

it(
  'a bot that is killed at any moment, again and again, tells every transition once',
  async ({ task }) => {
    const worlds = Array.from({ length: KILLS / LIVES }, (_, index) => ({
      seed: SEED * 1_000 + index,
      platforms: PLATFORMS[index % PLATFORMS.length]!,
      kills: LIVES,
    }));
    const ended: Awaited<ReturnType<typeof crashAgainAndAgain>>[] = [];
    const next = async (): Promise<void> => {
      for (let world = worlds.shift(); world; world = worlds.shift())
        ended.push(await crashAgainAndAgain(world));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));

    const wrong = ended.flatMap((world) => world.wrong);
    const sum = (of: (world: (typeof ended)[number]) => number) =>
      ended.reduce((all, each) => all + of(each), 0);
    const killedAt = new Map<string, number>();
    for (const world of ended)
      for (const [step, count] of world.killedAt) killedAt.set(step, (killedAt.get(step) ?? 0) + count);
    figure(task, {
      attack: `Crash: SIGKILL at ${killedAt.size} named steps (${[...killedAt.values()].reduce((all, count) => all + count, 0)} times) and at random`,
      runs: sum(({ kills }) => kills),
      result: `of ${sum(({ transitions }) => transitions)} transitions ${wrong.length} lost, told twice or shown wrong`,
    });
    expect(wrong).toEqual([]);
  },
  PATIENCE_MS,
);
