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

  /** Asks the bot; whether it says something else than before. */
  async function look(): Promise<boolean> {
    const said = await ask().catch(() => now);
    const isChanged = !isDeepStrictEqual(said, now);
    now = said;
    return isChanged;
  }

  return {
    now: () => now,
    look,
    /** Calls `changed` when a bot that was started anew offers something else, until the returned function is called. */
    watch(changed: () => void): () => void {
      let seen: number | undefined;
      const timer = setInterval(() => {
        const made = statSync(socketPath, { throwIfNoEntry: false })?.ctimeMs;
        const isNew = made !== undefined && made !== seen;
        seen = made;
        if (isNew) void look().then((isChanged) => isChanged && changed());
      }, LOOK_EVERY_MS);
      return () => clearInterval(timer);
    },
  };
}
