import type { JobKey } from '../job.ts';
import type { PersonId } from '../message.ts';
import type { Requester } from '../request.ts';

/** Who is notified privately when jobs end. */
export interface SubscriptionsService {
  /** `job` null: all of this person's own. Whether it is new. Error `no-direct-messages` at an adapter without them. */
  add(requester: Requester, job: JobKey | null): boolean;
  /** Whether there was one. */
  remove(requester: Requester, job: JobKey | null): boolean;
  of(person: PersonId): { adapter: string; job: JobKey | null }[];
}
