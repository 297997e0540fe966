import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { AgentSettings } from '../core/offered.ts';

/** How often the socket is looked at: a bot that is started anew makes another. Milliseconds. */
const LOOK_EVERY_MS = 2_000;

/**
 * What the running bot's settings let agents do, which may change when it is started anew; `own`: what the file says, until the
 * bot has been asked. `ask` rejects while no bot runs.
 */
export function createOffered({
  own,
  socketPath,
  ask,
}: {
  own: AgentSettings;
  socketPath: string;
  ask(): Promise<AgentSettings>;
}) {
  let now = own;

  /** Asks the bot; whether it says something else than before. Rejects while none answers. */
  async function asked(): Promise<boolean> {
    const said = await ask();
    const isChanged = !isDeepStrictEqual(said, now);
    now = said;
    return isChanged;
  }

  return {
    now: () => now,
    /** Asks the bot; while none answers, it offers what it did. */
    look: () => asked().catch(() => false),
    /** Calls `changed` when a bot that was started anew offers something else, until the returned function is called. */
    watch(changed: () => void): () => void {
      let seen: number | undefined;
      const timer = setInterval(() => {
        const made = statSync(socketPath, { throwIfNoEntry: false })?.ctimeMs;
        if (made === undefined || made === seen) return;
        seen = made;
        asked().then(
          (isChanged) => isChanged && changed(),
          // It may be busy with its start: it is asked again.
          () => {
            seen = undefined;
          },
        );
      }, LOOK_EVERY_MS);
      return () => clearInterval(timer);
    },
  };
}
