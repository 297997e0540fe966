import { type JobKey, jobKeyText } from '../core/job.ts';
import type { AuditEntry, AuditEvent, AuditQuery, Outcome, References } from '../core/services/audit.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';

/** An entry that is to be written. `options`: references, never what somebody wrote. */
export interface NewAuditEntry extends Pick<AuditEntry, 'person' | 'adapter' | 'channel' | 'command'> {
  event: Exclude<AuditEvent, Outcome>;
  jobs?: readonly JobKey[];
  options?: References;
  approvedBy?: string | undefined;
  detail?: string;
  times?: number;
}

interface Row extends Omit<AuditEntry, 'options' | 'approvedBy' | 'outcome'> {
  options: string;
  approved_by: string | null;
  outcome: Outcome | null;
  outcome_at: number | null;
  outcome_detail: string | null;
}

/** Who asked for what and what came of it. The database itself lets nobody change an entry or take one out. */
export function createAudit(db: Db, clock: Clock) {
  const add = db.prepare(
    `INSERT INTO audit (at, event, person, adapter, channel, command, jobs, options, approved_by, detail, times)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const end = db.prepare('INSERT INTO audit (at, event, attempt, detail) VALUES (?, ?, ?, ?)');
  const list = db.prepare<Record<string, unknown>, Row>(
    `SELECT a.id, a.at, a.event, a.person, a.adapter, a.channel, a.command, a.options, a.approved_by, a.detail, a.times,
       o.event AS outcome, o.at AS outcome_at, o.detail AS outcome_detail
     FROM audit a LEFT JOIN audit o ON o.attempt = a.id
     WHERE a.attempt IS NULL AND (@persons IS NULL OR a.person IN (SELECT value FROM json_each(@persons)))
       AND (@job IS NULL OR instr(' ' || a.jobs || ' ', ' ' || @job || ' ') > 0)
       AND a.at >= @since AND (@before IS NULL OR a.id < @before)
     ORDER BY a.id DESC LIMIT @limit`,
  );

  return {
    /** Appends an entry; its number. */
    add(entry: NewAuditEntry): number {
      const { event, person, adapter, channel, command, jobs = [], options = {} } = entry;
      const { approvedBy = null, detail = null, times = 1 } = entry;
      const keys = jobs.length === 0 ? null : jobs.map(jobKeyText).join(' ');
      const words = JSON.stringify(options);
      const values = [event, person, adapter, channel, command, keys, words, approvedBy, detail, times];
      return Number(add.run(clock(), ...values).lastInsertRowid);
    },
    /** Appends what came of what was begun. `detail`: what it made, or the code of why it failed. */
    end: (attempt: number, outcome: Outcome, detail: string | null) =>
      void end.run(clock(), outcome, attempt, detail),
    /** The latest first. `persons`: all that somebody is written as. */
    list({
      persons,
      job,
      since = 0,
      before,
      limit,
    }: Omit<AuditQuery, 'person'> & { persons?: readonly string[] }) {
      return list
        .all({
          persons: persons === undefined ? null : JSON.stringify(persons),
          job: job === undefined ? null : jobKeyText(job),
          since,
          before: before ?? null,
          limit,
        })
        .map(entryOf);
    },
  };
}

export type Audit = ReturnType<typeof createAudit>;

function entryOf({ outcome, outcome_at, outcome_detail, approved_by, options, ...row }: Row): AuditEntry {
  return {
    ...row,
    options: JSON.parse(options) as References,
    approvedBy: approved_by,
    outcome: outcome && { event: outcome, at: outcome_at!, detail: outcome_detail },
  };
}
