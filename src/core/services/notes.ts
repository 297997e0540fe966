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
  /** Names the message it was made from, which is kept once. */
  source?: string;
}

/** What somebody wrote about a job. Taken back, it has no text. */
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
