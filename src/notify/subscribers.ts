import { isEnded, jobKeyText } from '../core/job.ts';
import type { PersonId } from '../core/message.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { Clock } from '../core/time.ts';
import type { Recorded } from '../ingest/tracker.ts';
import { LANES, type PostSource } from '../store/delivery.ts';
import type { Outbox } from '../store/outbox.ts';
import type { Subscriptions } from '../store/subscriptions.ts';
import type { Pings } from './pings.ts';

/** Ends go to whoever asked to hear of them, in the channel that is theirs alone, once they may be pinged. */
export function createSubscribers(deps: {
  outbox: Pick<Outbox, 'addPost'>;
  subscriptions: Pick<Subscriptions, 'about'>;
  pings: Pick<Pings, 'notBefore'>;
  /** The job's owner, as far as is known now. */
  ownerOf(job: JobRecord): PersonId | undefined;
  clock: Clock;
}) {
  return function tellSubscribers({ id, transition, job }: Recorded): void {
    if (!isEnded(job.status) || transition.kind !== job.status) return;
    const owner = deps.ownerOf(job);
    for (const { person, adapter, channel, job: named } of deps.subscriptions.about(job)) {
      if (named === null && owner !== undefined && owner !== person) continue;
      const source: PostSource = {
        kind: 'ending-alone',
        transition: id,
        ...(named === null ? { onlyOwner: person } : {}),
      };
      const notBefore = deps.pings.notBefore(person, jobKeyText(job));
      deps.outbox.addPost(`subscription:${id}`, adapter, channel, null, source, {
        lane: LANES.awaited,
        notBefore: notBefore > deps.clock() ? notBefore : 0,
      });
    }
  };
}
