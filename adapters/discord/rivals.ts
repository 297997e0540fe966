import { RESTJSONErrorCodes as Codes } from 'discord-api-types/v10';
import { type Clock, isoSeconds } from '../../src/core/time.ts';

/** So many interactions in a row that nobody else answered: whoever did is gone. */
const ALONE_AFTER = 5;
/** Nobody else answered for this long, milliseconds: whoever did is gone, or nobody asks anything. */
const FORGOTTEN_MS = 24 * 3_600_000;

/**
 * Whether another process runs on the same token: Discord hands every interaction to both, and the one that answers
 * second is told that it has been acknowledged already (40060).
 */
export function createRivals(clock: Clock) {
  let since: number | undefined;
  let lastAt = 0;
  let aloneFor = 0;

  return {
    /** How an interaction went: nothing, or what its first answer was refused with. */
    note(error?: unknown): void {
      const isTaken =
        (error as { code?: unknown } | undefined)?.code === Codes.InteractionHasAlreadyBeenAcknowledged;
      if (isTaken) {
        since ??= clock();
        lastAt = clock();
        aloneFor = 0;
      } else if (error === undefined) {
        aloneFor += 1;
        if (aloneFor >= ALONE_AFTER) since = undefined;
      }
    },
    problem(): { text: string; since: number } | undefined {
      if (since === undefined || clock() - lastAt > FORGOTTEN_MS) return undefined;
      return {
        text: `another process uses the same token and answered in place of this one, last at ${isoSeconds(lastAt)}: stop one of the two, or make an app of its own for it`,
        since,
      };
    },
  };
}

export type Rivals = ReturnType<typeof createRivals>;
