import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createRunReader, type RunReader } from '../src/metrics/run-reader.ts';
import { encodeFileVersion, encodeScalarEvent } from '../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../src/queue/run-files.ts';
import { type Bench, percentile, type Row } from './table.ts';

const [FOLDERS, FILES, EVENT_FILES] = [300, 2_000, 5];
const ROWS = 1_000_000;
const [CHECKPOINTS, CHECKPOINT_BYTES] = [50, 1e9];
const BEGAN = 1_700_000_000;
/** Of so many tries the shortest counts on either side: what else the machine does only lengthens them. */
const TRIES = 5;
/** How long pandas takes to the last value of each column, milliseconds. */
const PANDAS = `
import sys, time
import pandas
took = []
for _ in range(${TRIES}):
    began = time.perf_counter()
    table = pandas.read_csv(sys.argv[1])
    last = [table[name].dropna().iloc[-1] for name in table.columns]
    took.append(time.perf_counter() - began)
print(min(took) * 1000, pandas.__version__)
`;

/** Runs that any stack left: looking for their files, a large table, checkpoints beside them. */
export async function benchRunFolders(): Promise<Bench> {
  return {
    name: `Run folders of any stack: ${FILES} files in ${FOLDERS} folders; a table of ${ROWS.toLocaleString('en-US')} rows; ${CHECKPOINTS} GB of checkpoints`,
    rows: [...(await inFolder(benchMany)), ...(await inFolder(benchTable)), ...(await benchCheckpoints())],
  };
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function putEvents(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const point = (step: number) =>
    encodeScalarEvent({ step, wallTime: BEGAN + step, tag: 'loss', value: 1 / step });
  const records = [encodeFileVersion(BEGAN), ...[1, 2, 3].map(point)];
  writeFileSync(join(folder, `events.out.tfevents.${BEGAN}.host.1.0`), Buffer.concat(records));
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** What this thread worked, milliseconds of the processor's time: as long as it takes where nothing else runs, however busy the machine is. */
async function spent(work: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

async function times(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const all: number[] = [];
  for (let index = 0; index < count; index += 1) all.push(await spent(work));
  return all;
}

/** Looks at each turn of the event loop how long this thread worked since the last one: the longest, milliseconds of the processor's time. */
function longestTurn(): { end(): number } {
  let before = process.threadCpuUsage();
  let longest = 0;
  const timer = setInterval(() => {
    const now = process.threadCpuUsage();
    longest = Math.max(longest, now.user + now.system - before.user - before.system);
    before = now;
  }, 1);
  return {
    end() {
      clearInterval(timer);
      return longest / 1_000;
    },
  };
}

async function benchMany(folder: string): Promise<Row[]> {
  const inner = (index: number) => join(folder, `part_${index % 17}`, `sub_${index % FOLDERS}`);
  for (let index = 0; index < FILES - EVENT_FILES; index += 1) {
    mkdirSync(inner(index), { recursive: true });
    writeFileSync(join(inner(index), `image_${index}.png`), '');
  }
  for (let index = 0; index < EVENT_FILES; index += 1) putEvents(join(inner(index * 61), 'train'));
  const firsts: number[] = [];
  const laters: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const reader = createRunReader(createRunFiles(folder));
    firsts.push(await spent(() => reader.read()));
    laters.push(...(await times(40, () => reader.read())));
  }
  const [first, later] = [percentile(firsts, 0.5), percentile(laters, 0.5)];
  return [
    { what: 'many files: the first look', value: first, unit: 'ms', target: null },
    { what: 'many files: a later look, median of 120', value: later, unit: 'ms', target: null },
    {
      what: 'many files: of the first look, a later one',
      value: (later / first) * 100,
      unit: '%',
      target: 5,
    },
  ];
}

async function benchTable(folder: string): Promise<Row[]> {
  const path = join(folder, 'metrics.csv');
  const handle = openSync(path, 'w');
  writeSync(handle, 'step,epoch,train/loss,train/acc,lr,val/loss\n');
  for (let step = 0; step < ROWS; step += 1_000)
    writeSync(handle, Array.from({ length: 1_000 }, (_, row) => rowOf(step + row)).join(''));
  closeSync(handle);
  const python = process.env.PANDAS_PYTHON;
  const [ms, version = 'not installed'] = python
    ? execFileSync(python, ['-c', PANDAS, path], { encoding: 'utf8' }).trim().split(' ')
    : [];
  const pandas = ms === undefined ? null : Number(ms);
  // What is compiled on the way is a bot's once.
  await whole(createRunReader(createRunFiles(folder)));
  global.gc?.();
  const before = process.memoryUsage.rss() / 1e6;
  const turns = longestTurn();
  const firsts: number[] = [];
  const wholes: number[] = [];
  let reader = createRunReader(createRunFiles(folder));
  let most = 0;
  for (let round = 0; round < TRIES; round += 1) {
    reader = createRunReader(createRunFiles(folder));
    const own = reader;
    firsts.push(await took(() => own.read()));
    wholes.push(await took(() => whole(own)));
    most = Math.max(most, process.memoryUsage.rss() / 1e6);
  }
  const held = turns.end();
  const { series } = await reader.read();
  if (series.some(({ steps, length }) => steps[length - 1] !== ROWS - 1))
    throw new Error('a last value is missing');
  let step = ROWS;
  const more: number[] = [];
  for (; step < ROWS + 50; step += 1) {
    appendFileSync(path, rowOf(step));
    more.push(await took(() => reader.read()));
  }
  const first = Math.min(...firsts);
  return [
    { what: 'a large table: to the last value of each column', value: first, unit: 'ms', target: null },
    {
      what: `a large table: pandas.read_csv to the same (${version})`,
      value: pandas,
      unit: 'ms',
      target: null,
    },
    { what: 'a large table: of that, here', value: pandas && (first / pandas) * 100, unit: '%', target: 10 },
    {
      what: 'a large table: one more row, median of 50',
      value: percentile(more, 0.5),
      unit: 'ms',
      target: 2,
    },
    {
      what: 'a large table: until all of it is read beside',
      value: percentile(wholes, 0.5) / 1_000,
      unit: 's',
      target: null,
    },
    {
      what: 'a large table: memory above the base',
      value: Math.max(0, most - before),
      unit: 'MB',
      target: 40,
    },
    { what: 'a large table: the event loop held at most', value: held, unit: 'ms', target: 50 },
  ];
}

/** Validated every 1,000 steps. */
function rowOf(step: number): string {
  const validated = step % 1_000 === 999 ? Math.random().toFixed(6) : '';
  return `${step},${Math.floor(step / 1_000)},${Math.random().toFixed(6)},${Math.random().toFixed(6)},0.00010000,${validated}\n`;
}

async function whole(reader: RunReader): Promise<void> {
  while ((await reader.read()).sources!.unread.length > 0) await wait(100);
}

async function benchCheckpoints(): Promise<Row[]> {
  const [large, empty] = [await inFolder(checkpointsOf(CHECKPOINT_BYTES)), await inFolder(checkpointsOf(0))];
  return [
    { what: 'checkpoints: the first read beside 50 GB of them', value: large, unit: 'ms', target: null },
    {
      what: 'checkpoints: the first read beside as many empty files',
      value: empty,
      unit: 'ms',
      target: null,
    },
    { what: 'checkpoints: of that, beside 50 GB', value: (large / empty) * 100, unit: '%', target: 150 },
  ];
}

/** What the first read takes, milliseconds of the processor's time, of a run with checkpoints of a size, which are holes mostly. */
function checkpointsOf(size: number): (folder: string) => Promise<number> {
  return async (folder) => {
    putEvents(folder);
    for (let index = 0; index < CHECKPOINTS; index += 1) {
      const path = index % 2 ? join(folder, `checkpoint-${index}`) : join(folder, 'models', `epoch_${index}`);
      mkdirSync(path, { recursive: true });
      const handle = openSync(join(path, index % 4 < 2 ? 'model.safetensors' : 'state.pt'), 'w');
      ftruncateSync(handle, size);
      closeSync(handle);
    }
    return percentile(await times(11, () => createRunReader(createRunFiles(folder)).read()), 0.5);
  };
}
