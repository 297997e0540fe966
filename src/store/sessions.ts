import type { SessionSettings } from '../core/experiment.ts';
import type { Destination } from '../core/request.ts';
import type { Db } from './db.ts';

export interface Session {
  id: number;
  name: string;
  folder: string;
  settings: SessionSettings;
  /** Epoch milliseconds. */
  createdAt: number;
  closedAt: number | null;
}

/** Sessions: which there are, which is used where, and what each is after. */
export function createSessionStore(db: Db) {
  interface Row {
    id: number;
    name: string;
    folder: string;
    settings: string;
    created_at: number;
    closed_at: number | null;
  }
  const columns = 's.id, s.name, s.folder, s.settings, s.created_at, s.closed_at';
  const add = db.prepare('INSERT INTO sessions (name, folder, created_at, used_at) VALUES (?, ?, ?, ?)');
  const byFolder = db.prepare<[string], Row>(`SELECT ${columns} FROM sessions s WHERE folder = ?`);
  const byId = db.prepare<[number], Row>(`SELECT ${columns} FROM sessions s WHERE id = ?`);
  const all = db.prepare<[], Row>(`SELECT ${columns} FROM sessions s ORDER BY s.used_at DESC, s.id DESC`);
  const lastUsed = db.prepare<[], Row>(
    `SELECT ${columns} FROM sessions s WHERE s.closed_at IS NULL ORDER BY s.used_at DESC, s.id DESC LIMIT 1`,
  );
  const use = db.prepare('UPDATE sessions SET used_at = ?, closed_at = NULL WHERE id = ?');
  const setSettings = db.prepare('UPDATE sessions SET settings = ? WHERE id = ?');
  const reopen = db.prepare('UPDATE sessions SET closed_at = NULL WHERE id = ?');
  const namedBySettings = db
    .prepare<[], string>('SELECT name FROM sessions WHERE named_by_settings = 1')
    .pluck();
  const setNamed = db.prepare('UPDATE sessions SET named_by_settings = (name = ?)');
  const close = db.prepare('UPDATE sessions SET closed_at = ? WHERE id = ?');
  const leaveAll = db.prepare('DELETE FROM session_channels WHERE session = ?');
  const ofChannel = db.prepare<[string, string], Row>(
    `SELECT ${columns} FROM sessions s JOIN session_channels c ON c.session = s.id
     WHERE c.adapter = ? AND c.channel = ?`,
  );
  const setChannel = db.prepare(
    `INSERT INTO session_channels (adapter, channel, session) VALUES (?, ?, ?)
     ON CONFLICT (adapter, channel) DO UPDATE SET session = excluded.session`,
  );
  const leave = db.prepare('DELETE FROM session_channels WHERE adapter = ? AND channel = ?');
  const channels = db.prepare<[], Destination & { session: number }>(
    'SELECT adapter, channel, session FROM session_channels ORDER BY adapter, channel',
  );
  const session = (row: Row): Session => ({
    id: row.id,
    name: row.name,
    folder: row.folder,
    settings: JSON.parse(row.settings) as SessionSettings,
    createdAt: row.created_at,
    closedAt: row.closed_at,
  });
  const found = (row: Row | undefined): Session | undefined => row && session(row);

  return {
    /** The open one that was used last. */
    last: () => found(lastUsed.get()),
    byFolder: (folder: string) => found(byFolder.get(folder)),
    get: (id: number) => found(byId.get(id)),
    /** The one used last first. */
    all: (): Session[] => all.all().map(session),
    /** The session of this folder, made if it is not known; open, and the last one from now on. */
    use(name: string, folder: string, now: number): Session {
      if (!byFolder.get(folder)) add.run(name, folder, now, now);
      use.run(now, byFolder.get(folder)!.id);
      return session(byFolder.get(folder)!);
    },
    /** Known, but not the last one: it is used in some channel only. */
    add(name: string, folder: string, now: number): Session {
      if (!byFolder.get(folder)) add.run(name, folder, now, 0);
      return session(byFolder.get(folder)!);
    },
    setSettings: (id: number, settings: SessionSettings): void =>
      void setSettings.run(JSON.stringify(settings), id),
    reopen: (id: number): void => void reopen.run(id),
    /** The session that the settings named when that was last heeded. */
    namedBySettings: (): string | undefined => namedBySettings.get(),
    setNamedBySettings: (name: string): void => void setNamed.run(name),
    close(id: number, now: number): void {
      close.run(now, id);
      leaveAll.run(id);
    },
    ofChannel: (adapter: string, channel: string) => found(ofChannel.get(adapter, channel)),
    setChannel: (adapter: string, channel: string, id: number): void =>
      void setChannel.run(adapter, channel, id),
    leave: (adapter: string, channel: string): void => void leave.run(adapter, channel),
    channels: () => channels.all(),
  };
}

export type SessionStore = ReturnType<typeof createSessionStore>;
