import { clip } from '../src/core/clip.ts';
import { BotError } from '../src/core/errors.ts';
import { type ExperimentRow, expectedOf, withExpected } from '../src/core/experiment.ts';
import type { Caller, Services } from '../src/core/services/context.ts';
import { tagsIn, withoutTag } from '../src/core/tags.ts';
import { hasVerdict } from '../src/core/verdict.ts';
import { isNone, mustBeTag } from './experiment-list.ts';
import type { Meant } from './experiment-meant.ts';

/** Columns that people write. The others are the queue's and the bot's. */
const EDITABLE = {
  hypothesis: 'hypothesis',
  changes: 'change_summary',
  result: 'result_summary',
  next: 'next_action',
  owner: 'owner',
  parent: 'parent_experiment_id',
} as const;

/** What was given; "none" and an empty text clear. */
export type Edit = Partial<
  Record<keyof typeof EDITABLE | 'notes' | 'note' | 'tag' | 'untag', string | undefined>
>;

/**
 * Checks what was given; calling the returned function writes it and gives the changed columns. Errors `bad-option`,
 * `no-such-tag`, `verdict-exists`, and those of `checkedParent`.
 */
export function edited(
  given: Edit,
  { experiments, row }: Meant<'rows' | 'editor' | 'notes'>,
  { person }: Caller,
  { now, nameOf }: Pick<Services, 'now' | 'nameOf'>,
): () => { row: ExperimentRow; changed: string[] } {
  const { experiment_id: id } = row;
  if (given.result !== undefined) mustBeOpen(given.result, { experiments, row });
  const job = experiments.rows.jobOf(id);
  const note = given.note === undefined || isNone(given.note) ? undefined : given.note;
  const isJobs = job !== undefined && note !== undefined;
  const owner = given.owner === undefined || isNone(given.owner) ? given.owner : nameOf(given.owner);
  const edits = editsOf(
    { ...given, owner, note: isJobs ? undefined : note },
    { experiments, row },
    person.name,
  );
  const changed = [...new Set([...Object.keys(edits), ...(isJobs ? ['notes'] : [])])];
  if (changed.length === 0)
    throw new BotError(
      'bad-option',
      'What should be edited?',
      'For example "experiment edit lr-003 next=…".',
    );
  if (edits.parent_experiment_id) experiments.editor.checkedParent(id, edits.parent_experiment_id);
  return () => {
    experiments.editor.edit(id, edits);
    // A note about a job is one that its author can withdraw.
    if (isJobs) experiments.notes.add(job, { author: person.name, person: person.id, text: note, at: now() });
    return { row: experiments.rows.get(id)!, changed };
  };
}

/** What a job's run showed is said with `verdict`; of any other row here, and over no other verdict. */
function mustBeOpen(result: string, { experiments, row }: Meant<'rows'>): void {
  const { experiment_id: id, result_summary: before } = row;
  if (experiments.rows.jobOf(id))
    throw new BotError('bad-option', `${id} has a job.`, `Use "verdict ${id} confirmed …".`, 'result');
  if (hasVerdict(before) && !isNone(result) && before !== result)
    throw new BotError(
      'verdict-exists',
      `Someone already wrote: "${clip(before, 200)}".`,
      'Remove it first with result=none.',
      'result',
    );
}

/** Columns with their new texts. */
function editsOf(given: Edit, meant: Meant<'notes'>, by: string): Partial<ExperimentRow> {
  const edits: Partial<ExperimentRow> = {};
  for (const [option, column] of Object.entries(EDITABLE)) {
    const value = given[option as keyof typeof EDITABLE];
    if (value !== undefined) edits[column] = isNone(value) ? '' : value;
  }
  const { notes, note, tag, untag } = given;
  if ([notes, note, tag, untag].some((value) => value !== undefined)) edits.notes = notesOf(given, meant, by);
  return edits;
}

/** The new notes. What was expected of the run stays, whatever else is written there. */
function notesOf(
  { notes, note, tag, untag }: Edit,
  { experiments, row }: Meant<'notes'>,
  by: string,
): string {
  const expected = expectedOf(row);
  let text = experiments.notes.textOf(row.experiment_id);
  if (notes !== undefined) {
    text = isNone(notes) ? '' : notes;
    if (expected !== '' && expectedOf({ notes: text }) === '') text = withExpected(text, expected);
  }
  if (untag !== undefined) {
    const wanted = mustBeTag(untag);
    if (!tagsIn(text).has(wanted))
      throw new BotError(
        'no-such-tag',
        `The notes of ${row.experiment_id} have no #${wanted}.`,
        'If the tag is in another field, edit that field.',
        'untag',
      );
    text = withoutTag(text, wanted);
  }
  if (note !== undefined) text = withLine(text, `${by}: ${note}`);
  if (tag === undefined) return text;
  const wanted = mustBeTag(tag);
  return tagsIn(text).has(wanted) ? text : withTag(text, wanted);
}

function withLine(text: string, line: string): string {
  return text === '' ? line : `${text}\n${line}`;
}

/** Next to the tags in the last line if it has nothing else; otherwise as a separate line. */
function withTag(text: string, tag: string): string {
  const last = text.slice(text.lastIndexOf('\n') + 1);
  return /^#\S+( #\S+)*$/.test(last) ? `${text} #${tag}` : withLine(text, `#${tag}`);
}
