import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { type ExperimentColumn, type ExperimentLogRow, experimentRow } from '../../src/core/experiment.ts';
import { formatExperimentLog, formatRow } from '../../src/experiments/csv.ts';
import { parseExperimentLog } from '../parsing.ts';
import { createWorld, job, row, type World } from './world.ts';

/** `source.csv` and `small.csv`, and what LibreOffice 7.4, pandas 3.1, Excel and git have made of them. */
export const rewritten = (name: string) =>
  readFileSync(join(import.meta.dirname, '../fixtures/rewritten', name));

/** How long is waited for what the log's file is bound to become, milliseconds. */
export const EVENTUALLY = { timeout: 30_000, interval: 20 };

/** So that half a file is waited for as long as the test takes. */
export const PATIENT = { unchangedMs: 120_000 };

/** A world for each test of the file that calls this, its experiments as they were opened last, and their log on disk. */
export function useLog() {
  let world: World;
  let experiments: ReturnType<World['open']>;
  let minutes = 0;
  beforeEach(() => {
    world = createWorld();
    minutes = 0;
  });
  afterEach(() => world.close());

  const folder = () => dirname(world.csvPath);
  const onDisk = () => readFileSync(world.csvPath, 'utf8');

  async function open(): Promise<void> {
    experiments = world.open();
    await experiments.start();
  }

  /** As the scripts and most editors do: into the file as it is. */
  function writeInPlace(content: string | Buffer): void {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(world.csvPath, content);
  }

  /** The same, long enough ago that nobody waits for more of it. */
  function put(content: string | Buffer): void {
    writeInPlace(content);
    utimesSync(world.csvPath, new Date(), new Date(Date.now() - 2_000));
  }

  return {
    get world() {
      return world;
    },
    get experiments() {
      return experiments;
    },
    folder,
    onDisk,
    leftOut: () => readFileSync(join(folder(), 'experiment_log.left-out.txt'), 'utf8'),
    said: (id: string) => Object.values(experiments.rows.get(id)!).join('\n'),

    /** Lets the world's clock go on, from eight in the morning. */
    pass(by: number): string {
      minutes += by;
      const iso = new Date(Date.parse('2026-11-24T08:00:00Z') + minutes * 60_000).toISOString().slice(0, 19);
      world.setTime(`${iso}Z`);
      return `${iso}Z`;
    },
    minutes: () => minutes,

    /** Opens a log of three jobs, in another world where its file is to be waited for otherwise. */
    async openWithJobs(timings?: Parameters<typeof createWorld>[0]): Promise<void> {
      if (timings) {
        await world.close();
        world = createWorld(timings);
      }
      await open();
      experiments.jobsChanged([job(1), job(2), job(3)]);
      await experiments.settled();
    },
    async openWith(content: string | Buffer): Promise<void> {
      put(content);
      await open();
    },
    async restart(): Promise<void> {
      await experiments.stop();
      await open();
    },
    writeInPlace,
    edit: (change: (text: string) => string) => writeInPlace(change(onDisk())),
    async save(content: string | Buffer): Promise<void> {
      put(content);
      await experiments.settled();
    },
  };
}

/** A copy of a log with one cell changed. */
export function withCell(text: string, id: string, column: string, value: string): string {
  const { rows, extraColumns } = parseExperimentLog(text);
  const whole = rows.map(({ fields, extra }): ExperimentLogRow => ({ fields: experimentRow(fields), extra }));
  for (const each of whole.filter(({ fields }) => fields.experiment_id === id)) {
    if (column in each.fields) each.fields[column as ExperimentColumn] = value;
    else each.extra[column] = value;
  }
  const added = column in whole[0]!.fields || extraColumns.includes(column) ? [] : [column];
  return formatExperimentLog(whole, [...extraColumns, ...added]);
}

/** The text with a row of somebody's at its end. */
export const addRow = (id: string) => (text: string) =>
  text + formatRow(row({ experiment_id: id, hypothesis: `of ${id}` }));

/** A copy as the original sync leaves it: its own words over result and notes, every row of a job updated now. */
export function synced(text: string, now: string): string {
  const rows = parseExperimentLog(text).rows.map(({ fields, extra }): ExperimentLogRow => {
    const machine = { result_summary: 'return_code=0', notes: 'multi', updated_at: now };
    return { fields: experimentRow({ ...fields, ...machine }), extra };
  });
  return formatExperimentLog(rows);
}
