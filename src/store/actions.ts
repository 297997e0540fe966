import { createHash } from 'node:crypto';
import type { Actions } from '../core/adapter-ports.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';

/** Characters of an id: 96 bits. Platforms give a button's id 100 characters or more. */
const ID_LENGTH = 16;
/** How long after its last showing a button is still understood, milliseconds. */
const KEPT_MS = 180 * 24 * 3_600_000;

/** The actions in the database. */
export function createActions(db: Db, clock: Clock): Actions {
  const save = db.prepare(
    `INSERT INTO actions (id, command, options, form, replaces, used_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET used_at = excluded.used_at`,
  );
  const find = db.prepare<[string], { command: string; options: string; form: number; replaces: number }>(
    'SELECT command, options, form, replaces FROM actions WHERE id = ?',
  );
  const forget = db.prepare('DELETE FROM actions WHERE used_at <= ?');
  /** Saved by this process, which is often enough: cards are drawn again and again. */
  const saved = new Set<string>();

  return {
    idOf({ command, options, form, replaces }) {
      const sorted = JSON.stringify(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)));
      const id = createHash('sha256')
        .update(JSON.stringify([command, sorted, form, ...(replaces ? ['replaces'] : [])]))
        .digest('base64url')
        .slice(0, ID_LENGTH);
      if (saved.size === 0) forget.run(clock() - KEPT_MS);
      if (!saved.has(id))
        save.run(id, command, JSON.stringify(options), form ? 1 : 0, replaces ? 1 : 0, clock());
      saved.add(id);
      return id;
    },
    byId(id) {
      const row = find.get(id);
      if (!row) return undefined;
      const { command, options, form, replaces } = row;
      return { command, options: JSON.parse(options), form: form === 1, replaces: replaces === 1 };
    },
  };
}
