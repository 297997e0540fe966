import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export const DAY = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'slurm', 'day');

/** What a command did at a moment of the recording. */
export interface Answer {
  argv: string[];
  code: number;
  /** How long it took, as in an outage. */
  seconds: number;
  out: string;
  error: string;
}

/** A moment of the recording. */
export interface Frame {
  /** Epoch seconds. */
  at: number;
  commands: Record<'squeue' | 'scontrol' | 'sinfo', Answer>;
}

export function readFrames(): Frame[] {
  const text = gunzipSync(readFileSync(join(DAY, 'frames.jsonl.gz'))).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Frame);
}

/** The columns of the recorded squeue, as it names them in its arguments. */
export function columnsOf(argv: readonly string[]): string[] {
  return argv
    .at(-1)!
    .split(',')
    .map((column) => column.replace(/:\|$/, '').toLowerCase());
}

/** A job by what squeue printed in its columns, and what scontrol printed of it. */
export interface RecordedJob {
  columns: Map<string, string>;
  fields: Map<string, string>;
}

/** The jobs of a frame in squeue's order. */
export function jobsOf({ squeue, scontrol }: Frame['commands']): RecordedJob[] {
  const columns = columnsOf(squeue.argv);
  const records = new Map(
    recordsOf(scontrol.out).map((text) => [/JobId=(\d+)/.exec(text)![1], fieldsOf(text)]),
  );
  return rowsOf(squeue.out, columns.length)
    .slice(1)
    .map((cells) => {
      const named = new Map(columns.map((column, index) => [column, cells[index]!]));
      return { columns: named, fields: records.get(named.get('jobid')!) ?? new Map() };
    });
}

/** Rows of `width` cells, each cell with a | behind it. The last is the job's name, which may hold a | or a newline. */
export function rowsOf(text: string, width: number): string[][] {
  const row = new RegExp(
    `((?:[^|\\n]*\\|){${width - 1}})([^]*?)\\|\\n(?=(?:[^|\\n]*\\|){${width - 1}}|$)`,
    'gy',
  );
  return [...text.matchAll(row)].map(([, cells, last]) => [...cells!.split('|').slice(0, -1), last!]);
}

/** What `scontrol -o show job` printed, by job. */
export function recordsOf(text: string): string[] {
  return text.split(/\n(?=JobId=|$)/).filter((record) => record.startsWith('JobId='));
}

function fieldsOf(record: string): Map<string, string> {
  return new Map(
    [...record.matchAll(/(?:^| )([\w:/]+)=(.*?)(?= [\w:/]+=|\s*$)/gs)].map(([, name, value]) => [
      name!,
      value!,
    ]),
  );
}
