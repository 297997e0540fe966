import type { ExperimentColumn, ExperimentRow } from '../core/experiment.ts';
import type { Slices } from '../core/slices.ts';
import { fieldsIn } from '../store/experiment-rows.ts';
import { type KnownRows, NOTHING_KNOWN } from '../store/experiment-texts.ts';
import { isRowLabels } from './columns.ts';
import { type DiskRow, lineOf, type ParsedExperimentLog } from './csv.ts';
import { withoutFillers } from './fillers.ts';
import { withRestoredIds } from './restored-ids.ts';
import { isErrorValue } from './rewriting.ts';
import { descriptionOf, isExperiment } from './row-evidence.ts';

/**
 * The experiments of a file as they were before spreadsheets and data frames rewrote them, and the lines that are none,
 * as they stand. `known`: what the database has of the session, by id; nothing where there is no database.
 */
export function* experimentsIn(
  disk: ParsedExperimentLog,
  known: KnownRows = NOTHING_KNOWN,
): Slices<{ experiments: DiskRow[]; leftOut: string[] }> {
  const storedOf = (id: string) => {
    const base = known.text(id)?.base;
    return base ? fieldsIn(base) : undefined;
  };
  const rows = yield* withoutFillers(yield* withRestoredIds(disk.rows, known), storedOf);
  const description = yield* descriptionOf(rows);
  const isKnown = (id: string) => known.has(id);
  const experiments: DiskRow[] = [];
  const leftOut = [...disk.strays];
  for (const row of rows) {
    yield;
    const continued = isKnown(row.fields.experiment_id ?? '')
      ? undefined
      : withContinuation(experiments.at(-1), row, storedOf);
    if (continued) experiments[experiments.length - 1] = continued;
    else if (description.has(row) || !isExperiment(row, isKnown)) leftOut.push(lineOf(row));
    else if (isErrorValue(row.fields.experiment_id ?? '') && !isKnown(row.fields.experiment_id!))
      experiments.push({ ...row, fields: { ...row.fields, experiment_id: '' } });
    else experiments.push(row);
  }
  return { experiments, leftOut };
}

/** The columns that somebody added: one that only names lines that are no experiments is none. */
export function addedColumns(
  { extraColumns }: Pick<ParsedExperimentLog, 'extraColumns'>,
  experiments: readonly DiskRow[],
): string[] {
  return extraColumns.filter((name) => !isRowLabels(name) || experiments.some(({ extra }) => extra[name]));
}

/**
 * The row before with its whole text, where a line is a further line of it: a program has taken the quotes away that held
 * a cell of several lines together. Undefined where it is none.
 */
function withContinuation(
  before: DiskRow | undefined,
  line: DiskRow,
  storedOf: (id: string) => Partial<ExperimentRow> | undefined,
): DiskRow | undefined {
  const column = Object.keys(before?.fields ?? {}).at(-1) as ExperimentColumn | undefined;
  if (!before || !column || line.fields.status) return undefined;
  const stored = storedOf(before.fields.experiment_id ?? '')?.[column] ?? '';
  const [first, ...further] = stored.split('\n');
  if (!further.includes(lineOf(line))) return undefined;
  const cell = before.fields[column];
  if (cell !== first && cell !== stored) return undefined;
  return { ...before, fields: { ...before.fields, [column]: stored } };
}
