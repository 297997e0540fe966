import { BotError } from '../src/core/errors.ts';
import type { ExperimentRow } from '../src/core/experiment.ts';
import type { Services } from '../src/core/services/context.ts';
import type { Slices } from '../src/core/slices.ts';
import { tagOf, tagsIn } from '../src/core/tags.ts';

export interface ListFilter {
  status?: string | undefined;
  search?: string | undefined;
  tag?: string | undefined;
  owner?: string | undefined;
  parent?: string | undefined;
  preset?: string | undefined;
  task?: string | undefined;
  before?: string | undefined;
}

/** Columns that are searched. */
const TEXTS = [
  'experiment_id',
  'task_key',
  'command',
  'hypothesis',
  'change_summary',
  'result_summary',
  'next_action',
  'notes',
  'owner',
] as const;

/**
 * The newest rows that a filter lets through, newest first, at most so many, and how many there are in all. Errors
 * `unknown-experiment` for a parent or an end that does not exist.
 */
export function* filteredRows(
  filter: ListFilter,
  limit: number,
  { rows: known, plans, launches, nameOf }: Pick<Services, 'rows' | 'plans' | 'launches' | 'nameOf'>,
): Slices<{ found: number; rows: ExperimentRow[] }> {
  const { status, search, tag, owner, parent, preset, task, before } = filter;
  const tests: ((row: ExperimentRow) => boolean)[] = [];
  const holds = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());
  if (status !== undefined) tests.push((row) => row.status === status);
  if (owner !== undefined) {
    const wanted = nameOf(owner).toLowerCase();
    tests.push((row) => nameOf(row.owner).toLowerCase() === wanted);
  }
  if (task !== undefined) tests.push((row) => holds(row.task_key, task));
  if (parent !== undefined) {
    const id = isNone(parent) ? '' : known.named(parent).experiment_id;
    tests.push((row) => row.parent_experiment_id === id);
  }
  if (search !== undefined) tests.push((row) => holds(textOf(row), search));
  if (tag !== undefined) {
    const wanted = mustBeTag(tag);
    tests.push((row) => tagsIn(textOf(row)).has(wanted));
  }
  if (preset !== undefined) tests.push((row) => presetOf(row, { rows: known, plans, launches }) === preset);

  const end = before === undefined ? undefined : known.named(before).experiment_id;
  if (tests.length === 0 && end === undefined) return { found: known.count(), rows: known.newest(limit) };
  const rows: ExperimentRow[] = [];
  let found = 0;
  for (const page of known.pagesBackwards(end)) {
    for (const row of page) {
      if (!tests.every((test) => test(row))) continue;
      found += 1;
      if (rows.length < limit) rows.push(row);
    }
    yield;
  }
  return { found, rows };
}

/** Error `bad-option`. */
export function mustBeTag(text: string): string {
  const tag = tagOf(text);
  if (tag !== undefined) return tag;
  throw new BotError(
    'bad-option',
    `"${text}" cannot be a tag.`,
    'A tag is letters, digits, "_", "-", "." and "/", for example #warm-up.',
    'tag',
  );
}

/** The word that stands for nothing. */
export function isNone(text: string): boolean {
  return text === '' || text.toLowerCase() === 'none';
}

function textOf(row: ExperimentRow): string {
  return TEXTS.map((column) => row[column]).join('\n');
}

function presetOf(
  { experiment_id }: ExperimentRow,
  { rows, plans, launches }: Pick<Services, 'rows' | 'plans' | 'launches'>,
): string | undefined {
  const job = rows.jobOf(experiment_id);
  return (job && launches.origin(job)?.preset) ?? plans.of(experiment_id)?.preset;
}
