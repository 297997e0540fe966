import { type JobKey, jobKeyText, parseJobKey } from '../core/job.ts';
import type { PersonId } from '../core/message.ts';
import type { PingKind } from '../core/ping.ts';
import type { QuietHours } from '../core/pings.ts';
import type { PingMute, PingSettings } from '../core/services/pings.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';

/** What stands where no job is named: all are meant. */
const ALL = '';

const jobText = (job: JobKey | null) => (job === null ? ALL : jobKeyText(job));

/** What each person is pinged for, when not, and what they have muted. */
export function createPingStore(db: Db, clock: Clock) {
  const read = db.prepare<[string], { off: string; quiet: string | null }>(
    'SELECT off, quiet FROM ping_settings WHERE person = ?',
  );
  const write = db.prepare(
    `INSERT INTO ping_settings (person, off, quiet) VALUES (?, ?, ?)
     ON CONFLICT (person) DO UPDATE SET off = excluded.off, quiet = excluded.quiet`,
  );
  const mutes = db.prepare<[string, number], { job: string; until: number }>(
    'SELECT job, until FROM ping_mutes WHERE person = ? AND until > ? ORDER BY until',
  );
  const mute = db.prepare(
    `INSERT INTO ping_mutes (person, job, until) VALUES (?, ?, ?)
     ON CONFLICT (person, job) DO UPDATE SET until = excluded.until`,
  );
  const unmute = db.prepare('DELETE FROM ping_mutes WHERE person = ? AND job = ? AND until > ?');
  const renames = ['ping_settings', 'ping_mutes'].map((table) =>
    db.prepare(`UPDATE OR REPLACE ${table} SET person = ? WHERE person = ?`),
  );

  return {
    settings(person: PersonId): PingSettings {
      const row = read.get(person);
      return {
        off: row ? (JSON.parse(row.off) as PingKind[]) : [],
        quiet: row?.quiet ? (JSON.parse(row.quiet) as QuietHours) : null,
      };
    },
    set: (person: PersonId, { off, quiet }: PingSettings): void =>
      void write.run(person, JSON.stringify(off), quiet === null ? null : JSON.stringify(quiet)),
    /** Those that hold now, the first to end first; `job` null: everything. */
    mutes: (person: PersonId): PingMute[] =>
      mutes.all(person, clock()).map(({ job, until }) => ({
        job: job === ALL ? null : (parseJobKey(job) ?? null),
        until,
      })),
    /** Until when everything (`job` null) or what is about a job is muted, epoch milliseconds; 0: it is not. */
    mutedUntil: (person: PersonId, job: string | undefined): number =>
      Math.max(
        0,
        ...mutes
          .all(person, clock())
          .filter((each) => each.job === ALL || each.job === job)
          .map(({ until }) => until),
      ),
    mute: (person: PersonId, { job, until }: PingMute): void => void mute.run(person, jobText(job), until),
    /** Whether there was one that still held. */
    unmute: (person: PersonId, job: JobKey | null): boolean =>
      unmute.run(person, jobText(job), clock()).changes > 0,
    /** What one person chose is another's: their accounts were linked. */
    rename(before: PersonId, after: PersonId): void {
      for (const each of renames) each.run(after, before);
    },
  };
}

export type PingStore = ReturnType<typeof createPingStore>;
