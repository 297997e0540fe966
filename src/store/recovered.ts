import type { Recovered } from '../core/recovered.ts';
import type { Db } from './db.ts';

/** The setting that holds it. */
const SETTING = 'recovered';
const QUIET = 'quiet:';
/** How far back a card is looked for where nobody knows what was said since when, milliseconds. */
const LOOK_BACK_MS = 14 * 24 * 3_600_000;

const sinceRecovery = (path: string) =>
  `(SELECT json_extract(value, '$.${path}') FROM settings WHERE name = '${SETTING}')`;

/** SQL: whether a card may stand already, sent by a database that was lost: of all but jobs that were queued since. */
function mayStand(subject: string): string {
  const queuedAt = `CASE instr(${subject}, '@') WHEN 0 THEN 0 ELSE CAST(substr(${subject}, instr(${subject}, '@') + 1) AS REAL) * 1000 END`;
  return `coalesce(${sinceRecovery('until')} >= ${queuedAt}, 0)`;
}

/** SQL of a new card's state: one that may stand already is looked up before it is sent. */
export function stateOfNewCard(subject: string): string {
  return `CASE WHEN ${mayStand(subject)} THEN 'sending' ELSE 'due' END`;
}

/** SQL of when a new card may have been sent first. */
export function ageOfNewCard(subject: string, now: string): string {
  const backup = `coalesce(${sinceRecovery('backup')}, ${sinceRecovery('until')} - ${LOOK_BACK_MS})`;
  return `CASE WHEN ${mayStand(subject)} THEN ${backup} ELSE ${now} END`;
}

/** What a database knows of its recovery. */
export function createRecovered(db: Db) {
  const get = db.prepare<[string], string>('SELECT value FROM settings WHERE name = ?').pluck();
  const drop = db.prepare('DELETE FROM settings WHERE name = ?');
  return {
    /** undefined where there was none. */
    last(): Recovered | undefined {
      const text = get.get(SETTING);
      return text === undefined ? undefined : (JSON.parse(text) as Recovered);
    },
    /** Until when what happened in a queue was told by a database that was lost; undefined once that queue was read. */
    quietUntil(queue: string): number | undefined {
      const text = get.get(`${QUIET}${queue}`);
      return text === undefined ? undefined : Number(text);
    },
    wasRead: (queue: string): void => void drop.run(`${QUIET}${queue}`),
  };
}

export type RecoveredStore = ReturnType<typeof createRecovered>;

/** Writes it down; call it in the transaction that makes the rest of the database fit. */
export function keepRecovered(db: Db, recovered: Recovered): void {
  const set = db.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
  set.run(SETTING, JSON.stringify(recovered));
  for (const queue of db.prepare<[], string>('SELECT name FROM queues').pluck().all())
    set.run(`${QUIET}${queue}`, String(recovered.until));
}
