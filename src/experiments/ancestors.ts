import { hash } from 'node:crypto';
import { EXPERIMENT_COLUMNS, type ExperimentLogRow, type ExperimentRow } from '../core/experiment.ts';
import type { Slices } from '../core/slices.ts';
import type { StoredRow } from '../store/experiment-rows.ts';
import type { OlderState } from '../store/experiment-versions.ts';
import type { ExperimentStore } from '../store/experiments.ts';
import type { DiskRow } from './csv.ts';
import { sameValue } from './merge.ts';
import { isCanonicalTime, isRewriting } from './rewriting.ts';

/**
 * How long after our last writing a program may still write what it had read before it, milliseconds: the original
 * scripts read, change and write the whole file, which takes them half a minute with 50,000 rows and 10,000 jobs.
 * Within this time somebody who saves again is also taken to go on with what they saved before.
 */
export const READ_BEFORE_MS = 60_000;

/** Words of 32 bits that a copy is known by. */
const COPY_WORDS = 5;

/** A row as a file has it, with an empty text for each added column that is empty there. */
interface Written {
  fields: Partial<ExperimentRow>;
  extra: Record<string, string>;
  /** The copy that the file is, by `copyOf`. */
  copy: string;
}

/**
 * What copies of the log have in common that were made at the same time, whatever was edited in them since, and in whatever
 * order they stand: when each of the experiments was updated last.
 */
export function* copyOf(rows: readonly DiskRow[]): Slices<string> {
  const sums = new Uint32Array(COPY_WORDS);
  for (const { fields } of rows) {
    yield;
    const { experiment_id = '', updated_at = '' } = fields;
    if (updated_at === '') continue;
    const digest = hash('sha256', `${experiment_id}\0${updated_at}`, 'buffer');
    for (let index = 0; index < COPY_WORDS; index += 1) sums[index]! += digest.readUInt32LE(4 * index);
  }
  return Buffer.from(sums.buffer).toString('base64url');
}

type States = Pick<ExperimentStore, 'versionsOfCopy' | 'versionsSince'>;

/** The states of a row that the writer of a file, which has `theirs` as the row, may have started from. */
export function ancestorsOf(
  store: States,
  row: StoredRow,
  theirs: Written,
  now: number,
): readonly ExperimentLogRow[] {
  if (!row.base) return [];
  const base = { fields: row.base, extra: row.extraBase };
  const time = theirs.fields.updated_at ?? '';
  const isNewest = time === row.base.updated_at;
  const copies = copiesOf(store, row, time);
  if (isNewest && row.baseCopy === null) return [base, ...copies];
  const recent = store.versionsSince(row, now - READ_BEFORE_MS);
  const saved = savedBefore(row, theirs, recent, copies);
  if (saved) return [saved];
  if (isNewest) return [base, ...copies];
  return copies.length > 0 ? copies : [base, ...recent];
}

/** Older states that the file may be a copy of, by the time in it, also as a spreadsheet writes that. */
function copiesOf(store: States, row: StoredRow, time: string): readonly ExperimentLogRow[] {
  if (time === '') return [];
  if (isCanonicalTime(time)) return store.versionsOfCopy(row, time);
  return store.versionsSince(row, 0).filter(({ fields }) => sameValue('updated_at', time, fields.updated_at));
}

/**
 * What the same writer saved last, not having read the file again since we wrote it: it was read within the last minute,
 * in the same copy of the log, and nothing that it had changed is as it was before. `older`: the row's states of that minute.
 */
function savedBefore(
  row: StoredRow,
  theirs: Written,
  older: readonly OlderState[],
  copies: readonly ExperimentLogRow[],
): ExperimentLogRow | undefined {
  const at = row.baseCopy === null ? older.findIndex(({ copy }) => copy !== null) : -1;
  const saved = at < 0 ? { fields: row.base!, extra: row.extraBase, copy: row.baseCopy } : older[at]!;
  if (saved.copy !== theirs.copy) return undefined;
  const before = [...older.slice(at + 1), ...copies];
  const isUndone = EXPERIMENT_COLUMNS.some((column) => {
    const text = theirs.fields[column];
    if (text === undefined || sameValue(column, text, saved.fields[column])) return false;
    return before.some(({ fields }) => sameValue(column, text, fields[column]));
  });
  const isAddedUndone = Object.entries(theirs.extra).some(([name, text]) => {
    if (isRewriting(saved.extra[name] ?? '', text)) return false;
    return before.some(({ extra }) => isRewriting(extra[name] ?? '', text));
  });
  return isUndone || isAddedUndone ? undefined : saved;
}
