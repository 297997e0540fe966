import { clip } from '../core/clip.ts';
import type { Gpu, GpuProcess, GpuReading } from '../core/gpus.ts';
import { run } from '../processes/run.ts';
import { cleanLine } from '../queue/clean-text.ts';
import { withComplaints } from './complaints.ts';
import { parseDevices, partitionedIn } from './devices.ts';

/** What is asked, and in which columns the answers come (`nvidia-smi --help-query-gpu`, `--help-query-compute-apps`). */
const GPUS = '--query-gpu=index,uuid,name,utilization.gpu,memory.used,memory.total';
const ADDRESSES = '--query-gpu=index,pci.bus_id';
const PROCESSES = '--query-compute-apps=gpu_uuid,pid,used_memory';
const FORMAT = '--format=csv,noheader,nounits';
/** On a host without trouble it takes a second; with a GPU that fell off the bus it may never end. */
const TIMEOUT_MS = 10_000;
const OUTPUT_MAX_BYTES = 256 * 1024;
/** How a GPU, or a part of one, is named; a line without such a name is no answer. */
const UUID = /^(GPU|MIG)-[\w/-]+$/;
/** What is said of a fault, in place of a value: `[Unknown Error]`, `[GPU is lost]`, `[GPU requires reset]`, `ERR!`. */
const FAULT = /^(\[[A-Z][\w !-]*\]|ERR!)$/;
/** What is said in place of a value by a GPU that is well and does not tell it: one that is split, an older one, a guarded one. */
const CANNOT_TELL = /^\[?(N\/A|Not Supported|Insufficient Permissions)\]?$/i;
const NOTHING = 'No devices were found';
/** Only the infoROM is corrupted, and all else was answered (nvidia-smi(1), "Return Value"). */
const INFOROM_CORRUPTED = 14;
const GPU_COLUMNS = 6;
const SAID_MAX = 200;

/**
 * The host's GPUs, lowest index first. One that answers with a fault is among them, with the fault. What nvidia-smi
 * exits with matters only for lines that are no rows: with 14, of a corrupted infoROM, all the rows are there.
 */
export async function readGpus(env: NodeJS.ProcessEnv, timeoutMs = TIMEOUT_MS): Promise<GpuReading> {
  const answer = await query([GPUS, FORMAT], env, timeoutMs);
  if (!answer) return { gpus: null, trouble: null };
  const rows = gpusIn(answer.lines);
  const gpus = await withParts(
    rows.toSorted((a, b) => a.index - b.index),
    env,
    timeoutMs,
  );
  if (answer.complaints.length === 0) return { gpus: gpus.length > 0 ? gpus : null, trouble: null };
  if (gpus.length === 0) return { gpus: null, trouble: answer.complaints[0]! };
  if (answer.exitCode === null) return withComplaints(gpus, answer.complaints, []);
  const addresses = await query([ADDRESSES, FORMAT], env, timeoutMs);
  return withComplaints(gpus, answer.complaints, addresses?.rows(2) ?? []);
}

/** The processes that compute on them; null where there is no nvidia-smi, or it fails. */
export async function readGpuProcesses(
  env: NodeJS.ProcessEnv,
  timeoutMs = TIMEOUT_MS,
): Promise<GpuProcess[] | null> {
  const answer = await query([PROCESSES, FORMAT], env, timeoutMs);
  if (!answer || answer.exitCode === null) return null;
  const found = answer
    .rows(3)
    .filter(([uuid, pid]) => UUID.test(uuid!) && /^\d+$/.test(pid!))
    .map(([uuid, pid, used]): GpuProcess => ({ uuid: uuid!, pid: Number(pid), memoryUsed: numberIn(used!) }));
  if (found.length === 0 && answer.exitCode !== 0 && answer.exitCode !== INFOROM_CORRUPTED) return null;
  if (!found.some(({ uuid }) => uuid.startsWith('MIG-'))) return found;
  const whole = parseDevices(await listed(env, timeoutMs));
  return found.map((process) => ({ ...process, uuid: whole.get(process.uuid) ?? process.uuid }));
}

/** Marks those that are split into parts: only asked for where a GPU does not tell its use, as those do not. */
async function withParts(gpus: Gpu[], env: NodeJS.ProcessEnv, timeoutMs: number): Promise<Gpu[]> {
  if (gpus.every(({ utilization, fault }) => utilization !== null || fault !== undefined)) return gpus;
  const partitioned = partitionedIn(await listed(env, timeoutMs));
  return gpus.map((gpu) =>
    partitioned.has(gpu.uuid) || gpu.uuid.startsWith('MIG-') ? { ...gpu, isPartitioned: true } : gpu,
  );
}

async function listed(env: NodeJS.ProcessEnv, timeoutMs: number): Promise<string[]> {
  return (await query(['-L'], env, timeoutMs))?.lines ?? [];
}

/** The GPUs that an answer's lines tell of, as they stand. */
export function gpusIn(lines: readonly string[]): Gpu[] {
  return lines.map(cellsOf).flatMap(gpuOf);
}

/**
 * A row's GPU. A lost one may not even tell its UUID: then its index and the fault are all that is known. Of a row with
 * other columns than were asked for nobody knows which is which.
 */
function gpuOf(cells: string[]): Gpu[] {
  const [index = '', uuid = '', ...rest] = cells;
  if (!/^\d+$/.test(index) || !(UUID.test(uuid) || FAULT.test(uuid))) return [];
  const said = [uuid, ...rest].find((cell) => FAULT.test(cell) && !CANNOT_TELL.test(cell));
  const isWhole = cells.length === GPU_COLUMNS;
  const fault = said ?? (isWhole ? undefined : `${cells.length} of ${GPU_COLUMNS} values`);
  const [name = '', utilization = '', used = '', total = ''] = isWhole ? rest : [];
  return [
    {
      index: Number(index),
      uuid,
      name,
      utilization: numberIn(utilization),
      memoryUsed: numberIn(used),
      memoryTotal: numberIn(total),
      ...(fault === undefined ? {} : { fault }),
    },
  ];
}

interface Answer {
  /** null: it did not come to its end. */
  exitCode: number | null;
  lines: string[];
  /** Rows of so many cells. */
  rows(columns: number): string[][];
  /** What it says when it did not end well, in words for people; empty when it did. */
  complaints: string[];
}

/** null: it is not there. With a GPU that fell off the bus it may never answer, or crash: that is a complaint too. */
async function query(argv: string[], env: NodeJS.ProcessEnv, timeoutMs: number): Promise<Answer | null> {
  const { exitCode, signal, stdout, stderr, timedOut, startError } = await run({
    argv: ['nvidia-smi', ...argv],
    env,
    timeoutMs,
    maxOutputBytes: OUTPUT_MAX_BYTES,
  });
  if (startError !== null) return null;
  const lines = stdout.toString('utf8').split('\n');
  const rows = (columns: number) => lines.map(cellsOf).filter((cells) => cells.length === columns);
  const words = [...lines, ...stderr.split('\n')].filter((line) => /[A-Za-z]{3}/.test(line) && !isRow(line));
  const said = exitCode === 0 ? words.filter(isComplaint) : words;
  const complaints = said.map((line) => clip(cleanLine(line), SAID_MAX));
  if (timedOut) complaints.push(`no complete answer within ${timeoutMs / 1_000} s`);
  else if (exitCode === null) complaints.push(`no complete answer: it was ended by ${signal}`);
  else if (exitCode !== 0 && complaints.length === 0) complaints.push(`it ended with exit code ${exitCode}`);
  return { exitCode: timedOut ? null : exitCode, lines, rows, complaints };
}

function cellsOf(line: string): string[] {
  return line.split(',').map((cell) => cell.trim());
}

function isRow(line: string): boolean {
  return /^\d+, /.test(line) || UUID.test(cellsOf(line)[0]!);
}

/** Of what it prints without failing, only what is about a GPU's trouble: it also says that nothing runs. */
function isComplaint(line: string): boolean {
  return (
    /^WARNING:|^Unable to determine the device handle|GPU is lost|has fallen off/i.test(line) ||
    line === NOTHING ||
    cellsOf(line).some((cell) => FAULT.test(cell))
  );
}

/** A cell's number; null where there is none. */
function numberIn(cell: string): number | null {
  return /^\d+(\.\d+)?$/.test(cell) ? Number(cell) : null;
}
