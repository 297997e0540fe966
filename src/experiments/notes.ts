import type { JobKey } from '../core/job.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { NoteState, NotesService } from '../core/services/notes.ts';
import type { StoredRow } from '../store/experiment-rows.ts';
import type { ExperimentStore } from '../store/experiments.ts';
import type { Notes } from '../store/notes.ts';
import type { ExperimentLog } from './experiment-log.ts';
import { isMachineText } from './from-job.ts';

/**
 * Characters of a row's notes that notes are added to: what a cell of Excel holds (support.microsoft.com, "Excel specifications and
 * limits"). The whole cell is written anew with each.
 */
export const NOTES_MAX = 32_767;
/** Stands once in place of all that are not in the cell. */
const MORE = 'xaxbot: there are more notes, which the command "notes" shows';

/** Notes of jobs, each also a line in the notes of its experiment. */
export function createNotesService(deps: {
  store: Pick<ExperimentStore, 'ofJob' | 'scrub' | 'transaction'>;
  notes: Notes;
  jobOf(job: JobKey): Pick<JobRecord, 'queue' | 'error' | 'launcher'> | undefined;
  /** The log that is seen. */
  log(): ExperimentLog;
  logOf(row: StoredRow): ExperimentLog;
  onEdited(key: JobKey): void;
}): NotesService {
  const { store, notes, logOf } = deps;
  function takeBack(id: number, state: Exclude<NoteState, 'kept'>): void {
    const note = notes.byId(id);
    if (note?.state !== 'kept') return;
    const line = noteLine(note);
    const row = store.ofJob(note.job);
    store.transaction(() => {
      notes.takeBack(id, state);
      if (row) logOf(row).change(row, { notes: withLine(row.fields.notes, line, '') });
    });
    deps.onEdited(note.job);
    if (!row) return;
    const scrub = () => store.scrub(row, line, `${note.author}: [${state}]`);
    logOf(row).settled().then(scrub, ignore);
  }

  return {
    textOf(experimentId) {
      const row = deps.log().find(experimentId);
      const job = row?.job ? deps.jobOf(row.job) : undefined;
      return !row || isMachineText('notes', row.fields.notes, job) ? '' : row.fields.notes;
    },
    add(key, note) {
      const row = store.ofJob(key);
      const added = store.transaction(() => {
        const noted = notes.add(key, note);
        if (!row || !noted.isNew) return noted;
        const { notes: before } = row.fields;
        const line = noteLine(note);
        const after = isMachineText('notes', before) ? line : withNote(before, line);
        if (after !== before) logOf(row).change(row, { notes: after });
        return noted;
      });
      deps.onEdited(key);
      return added;
    },
    ofJob: (key) => notes.ofJob(key),
    get: (id) => notes.byId(id),
    takeBack,
    revise(source, text) {
      const note = notes.bySource(source);
      if (note?.state !== 'kept' || text === note.text) return;
      if (text === undefined || text.trim() === '') {
        takeBack(note.id, 'withdrawn');
        return;
      }
      const row = store.ofJob(note.job);
      store.transaction(() => {
        notes.revise(note.id, text);
        const before = row?.fields.notes ?? '';
        const line = noteLine(note);
        const changed = withLine(before, line, noteLine({ ...note, text }));
        const after = changed.length <= NOTES_MAX ? changed : withNote(withLine(before, line, ''), MORE);
        if (row && after !== before) logOf(row).change(row, { notes: after });
      });
      deps.onEdited(note.job);
    },
  };
}

/** A note as written in the log. */
function noteLine({ author, text }: { author: string; text: string }): string {
  return `${author}: ${text}`;
}

/** A row's notes with one more line, as long as they have room for it. */
function withNote(notes: string, line: string): string {
  if (`${notes}\n`.includes(`\n${MORE}\n`)) return notes;
  const after = `${notes}\n${line}`;
  return after.length + MORE.length < NOTES_MAX ? after : `${notes}\n${MORE}`;
}

/** A field's text with one entry, which may have several lines, in another's place; an empty one takes none. */
function withLine(text: string, entry: string, instead: string): string {
  const replaced = `\n${text}\n`.replace(`\n${entry}\n`, () => (instead === '' ? '\n' : `\n${instead}\n`));
  return replaced.replace(/^\n|\n$/g, '');
}

/** What failed is said by the log file's own health. */
function ignore(): void {}
