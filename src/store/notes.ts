import type { JobKey } from '../core/job.ts';
import type { NewNote, Note, NoteState } from '../core/services/notes.ts';
import type { Db } from './db.ts';
import { nextNumber } from './numbering.ts';

interface Row {
  id: number;
  queue: string;
  job_id: string;
  enqueued_at: number;
  author: string;
  person: string | null;
  text: string;
  at: number;
  link: string;
  state: NoteState;
}

/** What people wrote about jobs. A note that was taken back keeps its place and loses its text. */
export function createNotes(db: Db) {
  const add = db.prepare(
    `INSERT INTO notes (id, queue, job_id, enqueued_at, author, person, text, at, link, source)
     VALUES (${nextNumber('notes')}, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source) DO NOTHING`,
  );
  const bySource = db.prepare<[string], { id: number; state: NoteState }>(
    'SELECT id, state FROM notes WHERE source = ?',
  );
  const columns = 'id, queue, job_id, enqueued_at, author, person, text, at, link, state';
  const byId = db.prepare<[number], Row>(`SELECT ${columns} FROM notes WHERE id = ?`);
  const ofJob = db.prepare<[string, string, number], Row>(
    `SELECT ${columns} FROM notes
     WHERE queue = ? AND job_id = ? AND enqueued_at = ? AND state = 'kept' ORDER BY id`,
  );
  const revise = db.prepare('UPDATE notes SET text = ? WHERE id = ?');
  const takeBack = db.prepare(`UPDATE notes SET state = ?, text = '' WHERE id = ?`);
  const read = (row: Row): Note => ({
    id: row.id,
    job: { queue: row.queue, jobId: row.job_id, enqueuedAt: row.enqueued_at },
    author: row.author,
    person: row.person,
    text: row.text,
    at: row.at,
    link: row.link,
    state: row.state,
  });

  return {
    /** Its number, and whether it is new: the same source (a message) is kept once, also when it was taken back. */
    add(
      { queue, jobId, enqueuedAt }: JobKey,
      note: NewNote,
    ): { id: number; isNew: boolean; state: NoteState } {
      const { author, person = null, text, at, link = '', source = null } = note;
      const added = add.run(queue, jobId, enqueuedAt, author, person, text, at, link, source);
      if (added.changes > 0) return { id: Number(added.lastInsertRowid), isNew: true, state: 'kept' };
      return { ...bySource.get(source!)!, isNew: false };
    },
    byId(id: number): Note | undefined {
      const row = byId.get(id);
      return row && read(row);
    },
    ofJob: ({ queue, jobId, enqueuedAt }: JobKey): Note[] => ofJob.all(queue, jobId, enqueuedAt).map(read),
    /** The note that was made from a message. */
    bySource(source: string): Note | undefined {
      const found = bySource.get(source);
      return found && this.byId(found.id);
    },
    revise: (id: number, text: string) => void revise.run(text, id),
    takeBack: (id: number, state: Exclude<NoteState, 'kept'>) => void takeBack.run(state, id),
  };
}

export type Notes = ReturnType<typeof createNotes>;
