import type { JobKey } from '../job.ts';
import type { PersonId } from '../message.ts';

export type NoteState = 'kept' | 'withdrawn' | 'redacted';

export interface NewNote {
  /** The author's name. */
  author: string;
  person?: PersonId;
  text: string;
  /** Epoch milliseconds. */
  at: number;
  /** Where it was said. */
  link?: string;
  /** The message it was made from, which is kept once. */
  source?: string;
}

/** A note about a job. A withdrawn one has no text. */
export interface Note {
  id: number;
  job: JobKey;
  author: string;
  person: PersonId | null;
  text: string;
  at: number;
  link: string;
  state: NoteState;
}

/** Notes about jobs and experiments. */
export interface NotesService {
  /** An experiment's notes; empty where only a machine has written there. */
  textOf(experimentId: string): string;
  /** Its number, and whether it is new: a message is kept once, and not again after it was withdrawn. */
  add(key: JobKey, note: NewNote): { id: number; isNew: boolean; state: NoteState };
  /**
   * The message that a note was made from now reads otherwise: so does the note, and its line in the log unless somebody
   * rewrote that. Deleted (undefined), the note is withdrawn. A note that was taken back stays so.
   */
  revise(source: string, text: string | undefined): void;
  /** Those that are kept. */
  ofJob(key: JobKey): Note[];
  get(id: number): Note | undefined;
  /** Its text leaves the notes, the log and the log's older states. */
  takeBack(id: number, state: Exclude<NoteState, 'kept'>): void;
}
