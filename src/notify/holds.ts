import type { Paced } from '../core/delivery-error.ts';
import type { Clock } from '../core/time.ts';
import type { Free } from '../store/turns.ts';

/** What a hold is of: something that a platform counts, or all, for as long as something is wrong. */
type Held = Paced | 'trouble';

/** What may not be sent before some time: all, the new messages or the edits of a channel, or of a whole platform. */
export function createHolds(clock: Clock) {
  /** By place and kind; epoch milliseconds. */
  const until = new Map<string, number>();
  const name = (adapter: string, channel: string | null, of: Held) => JSON.stringify([adapter, channel, of]);
  const end = (adapter: string, channel: string, of: Paced): number =>
    Math.max(
      ...[null, channel].flatMap((place) =>
        [of, 'all' as const, 'trouble' as const].map((each) => until.get(name(adapter, place, each)) ?? 0),
      ),
    );

  return {
    /** `channel` null: the platform as a whole. */
    hold(adapter: string, channel: string | null, of: Held, ms: number): void {
      const key = name(adapter, channel, of);
      until.set(key, Math.max(until.get(key) ?? 0, clock() + ms));
    },
    free: (adapter: string, channel: string): Free => ({
      posts: end(adapter, channel, 'posts') <= clock(),
      edits: end(adapter, channel, 'edits') <= clock(),
    }),
    /** When the next of a channel's holds ends (epoch ms); undefined when nothing is held. */
    nextEnd(adapter: string, channel: string): number | undefined {
      const ends = [end(adapter, channel, 'posts'), end(adapter, channel, 'edits')].filter(
        (at) => at > clock(),
      );
      return ends.length > 0 ? Math.min(...ends) : undefined;
    },
    /** A platform is back: what was wrong may be right again. It goes on counting how fast it is called. */
    release(adapter: string): void {
      for (const key of until.keys()) {
        const [whose, , of] = JSON.parse(key) as [string, string | null, Held];
        if (whose === adapter && of === 'trouble') until.delete(key);
      }
    },
  };
}

export type Holds = ReturnType<typeof createHolds>;
