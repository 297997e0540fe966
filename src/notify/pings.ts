import type { PersonId } from '../core/message.ts';
import type { Ping } from '../core/ping.ts';
import { quietUntil } from '../core/pings.ts';
import type { Clock } from '../core/time.ts';
import type { PingStore } from '../store/pings.ts';
import type { Subscriptions } from '../store/subscriptions.ts';

/** Whom the bot pings for what, and when: what each of them chose. */
export function createPings(deps: {
  store: Pick<PingStore, 'settings' | 'mutedUntil'>;
  subscriptions: Pick<Subscriptions, 'of'>;
  clock: Clock;
}) {
  const { store, clock } = deps;

  /** When somebody may be pinged about a job at the earliest: not in their quiet hours, nor what they muted. */
  function notBefore(person: PersonId, job: string | undefined): number {
    const free = Math.max(clock(), store.mutedUntil(person, job));
    const { quiet } = store.settings(person);
    return quiet ? quietUntil(quiet, free) : free;
  }

  return {
    notBefore,
    /** Whether somebody wants to be pinged for something at all. */
    wants: (person: PersonId, { kind }: Ping): boolean => !store.settings(person).off.includes(kind),
    /** Whether a message at an adapter may ping somebody now. Whoever is told of an end privately there is told once. */
    mayPing(person: PersonId, ping: Ping, adapter: string): boolean {
      if (!this.wants(person, ping) || notBefore(person, ping.job) > clock()) return false;
      const isEnd = ping.kind === 'ended' || ping.kind === 'failed';
      return (
        !isEnd || !deps.subscriptions.of(person).some((each) => each.adapter === adapter && each.job === null)
      );
    },
  };
}

export type Pings = ReturnType<typeof createPings>;
