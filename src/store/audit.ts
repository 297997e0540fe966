import { beginning } from '../core/clip.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';

/** Longest option text that the audit keeps of one command. */
const OPTIONS_KEPT = 10_000;

/** Who asked for what, written before a change is tried and completed after it. */
export function createAudit(db: Db, clock: Clock) {
  const begin = db.prepare(
    `INSERT INTO audit (at, person, adapter, channel, command, options, approved_by, outcome)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'begun')`,
  );
  const end = db.prepare('UPDATE audit SET outcome = ?, finished_at = ? WHERE id = ?');
  const redact = db.prepare(`UPDATE audit SET options = replace(options, ?, '[redacted]')`);
  return {
    /** Takes a text out of every option that holds it. */
    redact: (text: string) => void redact.run(JSON.stringify(text).slice(1, -1)),
    /** Returns how to write down what came of it. `approvedBy`: who let an agent do it. */
    begin(entry: {
      person: string;
      adapter: string;
      channel: string;
      command: string;
      options: unknown;
      approvedBy?: string | undefined;
    }) {
      const { person, adapter, channel, command, approvedBy = null } = entry;
      const options = beginning(JSON.stringify(entry.options), OPTIONS_KEPT);
      const id = begin.run(clock(), person, adapter, channel, command, options, approvedBy).lastInsertRowid;
      return (outcome: string) => void end.run(outcome, clock(), id);
    },
  };
}

export type Audit = ReturnType<typeof createAudit>;
