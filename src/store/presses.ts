import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';

/** How long a press is remembered, milliseconds: as long as a button is understood. */
const KEPT_MS = 180 * 24 * 3_600_000;

/** What was pressed, by whom, and what came of it. */
export interface KeptPress {
  key: string;
  kind: PressKind;
  /** Names what it does, whatever it was pressed on. */
  deed: string;
  person: string;
  personName: string;
  /** Epoch milliseconds. */
  at: number;
  isDone: boolean;
  /** What was answered, in a line; empty until it is done, or where the answer was for the asker alone. */
  outcome: string;
}

export type PressKind = 'button' | 'form' | 'words' | 'yes';

interface Row extends Omit<KeptPress, 'personName' | 'isDone'> {
  person_name: string;
  is_done: number;
}

/** Presses in the database, so that one is a single deed over a restart too. */
export function createPressStore(db: Db, clock: Clock) {
  const columns = 'key, kind, deed, person, person_name, at, is_done, outcome';
  const byKey = db.prepare<[string], Row>(`SELECT ${columns} FROM presses WHERE key = ?`);
  const byDeed = db.prepare<[string, number], Row>(
    `SELECT ${columns} FROM presses WHERE deed = ? AND at > ? AND kind IN ('button', 'yes') ORDER BY at DESC LIMIT 1`,
  );
  const add = db.prepare(
    'INSERT INTO presses (key, kind, deed, person, person_name, at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const remove = db.prepare('DELETE FROM presses WHERE key = ?');
  const finish = db.prepare('UPDATE presses SET is_done = 1, outcome = ? WHERE key = ?');
  const forget = db.prepare('DELETE FROM presses WHERE at <= ?');
  const read = (row: Row | undefined): KeptPress | undefined =>
    row && { ...row, personName: row.person_name, isDone: row.is_done === 1 };

  return {
    byKey: (key: string) => read(byKey.get(key)),
    /** The last press of a button that did the same after an instant. */
    ofDeed: (deed: string, after: number) => read(byDeed.get(deed, after)),
    add({ key, kind, deed, person, personName, at }: Omit<KeptPress, 'isDone' | 'outcome'>): void {
      forget.run(clock() - KEPT_MS);
      add.run(key, kind, deed, person, personName, at);
    },
    finish: (key: string, outcome: string) => void finish.run(outcome, key),
    /** It may be pressed again. */
    remove: (key: string) => void remove.run(key),
  };
}

export type PressStore = ReturnType<typeof createPressStore>;
