import { type JobKey, jobKeyText, parseJobKey } from '../core/job.ts';
import type { PersonId } from '../core/message.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';

/** Who hears privately of an end: of their own jobs (`job` null), or of one. */
export interface Subscription {
  person: PersonId;
  adapter: string;
  /** Where to: the channel in which the bot talks to them alone. */
  channel: string;
  job: JobKey | null;
}

const MINE = '';

/** Who wants to hear of which jobs' ends. */
export function createSubscriptions(db: Db, clock: Clock) {
  const add = db.prepare(
    `INSERT INTO subscriptions (person, adapter, channel, job, created_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const remove = db.prepare('DELETE FROM subscriptions WHERE person = ? AND adapter = ? AND job = ?');
  const rename = db.prepare('UPDATE OR REPLACE subscriptions SET person = ? WHERE person = ?');
  const of = db.prepare<[string], Row>('SELECT * FROM subscriptions WHERE person = ? ORDER BY created_at');
  const about = db.prepare<[string], Row>(
    `SELECT * FROM subscriptions WHERE job = ? OR job = '${MINE}' ORDER BY created_at`,
  );
  interface Row {
    person: string;
    adapter: string;
    channel: string;
    job: string;
  }
  const read = ({ person, adapter, channel, job }: Row): Subscription => ({
    person,
    adapter,
    channel,
    job: job === MINE ? null : (parseJobKey(job) ?? null),
  });
  const jobText = (job: JobKey | null) => (job === null ? MINE : jobKeyText(job));

  return {
    /** Whether it is new. */
    add: ({ person, adapter, channel, job }: Subscription): boolean =>
      add.run(person, adapter, channel, jobText(job), clock()).changes > 0,
    /** Whether there was one. */
    remove: (person: PersonId, adapter: string, job: JobKey | null): boolean =>
      remove.run(person, adapter, jobText(job)).changes > 0,
    /** What one person asked for is another's: their accounts were linked. */
    rename: (before: PersonId, after: PersonId) => void rename.run(after, before),
    of: (person: PersonId): Subscription[] => of.all(person).map(read),
    /** Those of this job, and of everybody's own jobs. */
    about: (job: JobKey): Subscription[] => about.all(jobKeyText(job)).map(read),
  };
}

export type Subscriptions = ReturnType<typeof createSubscriptions>;
