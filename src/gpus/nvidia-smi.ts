import type { Gpu, GpuProcess } from '../core/gpus.ts';
import { run } from '../processes/run.ts';

/** What is asked, and in which columns the answers come (`nvidia-smi --help-query-gpu`, `--help-query-compute-apps`). */
const GPUS = '--query-gpu=index,uuid,name,utilization.gpu,memory.used,memory.total';
const PROCESSES = '--query-compute-apps=gpu_uuid,pid,used_memory';
const FORMAT = '--format=csv,noheader,nounits';
/** On a host without trouble it takes a second; with a GPU that fell off the bus it may never end. */
const TIMEOUT_MS = 10_000;
const OUTPUT_MAX_BYTES = 256 * 1024;
/** How a GPU, or a part of one, is named; a line without such a name is no answer. */
const UUID = /^(GPU|MIG)-[\w/-]+$/;

/** The host's GPUs, lowest index first; null where there is no nvidia-smi, or it tells of none. */
export async function readGpus(env: NodeJS.ProcessEnv, timeoutMs = TIMEOUT_MS): Promise<Gpu[] | null> {
  const rows = await query(GPUS, 6, env, timeoutMs);
  const gpus = (rows ?? [])
    .filter(([index, uuid]) => /^\d+$/.test(index!) && UUID.test(uuid!))
    .map(
      ([index, uuid, name, utilization, used, total]): Gpu => ({
        index: Number(index),
        uuid: uuid!,
        name: name!,
        utilization: numberIn(utilization!),
        memoryUsed: numberIn(used!),
        memoryTotal: numberIn(total!),
      }),
    )
    .sort((a, b) => a.index - b.index);
  return gpus.length > 0 ? gpus : null;
}

/** The processes that compute on them; null where there is no nvidia-smi, or it fails. */
export async function readGpuProcesses(
  env: NodeJS.ProcessEnv,
  timeoutMs = TIMEOUT_MS,
): Promise<GpuProcess[] | null> {
  const rows = await query(PROCESSES, 3, env, timeoutMs);
  return (
    rows
      ?.filter(([uuid, pid]) => UUID.test(uuid!) && /^\d+$/.test(pid!))
      .map(([uuid, pid, used]) => ({ uuid: uuid!, pid: Number(pid), memoryUsed: numberIn(used!) })) ?? null
  );
}

/** Rows of so many cells; lines of any other form, such as "No running processes found", are none. */
async function query(
  what: string,
  columns: number,
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<string[][] | null> {
  const { exitCode, stdout } = await run({
    argv: ['nvidia-smi', what, FORMAT],
    env,
    timeoutMs,
    maxOutputBytes: OUTPUT_MAX_BYTES,
  });
  if (exitCode !== 0) return null;
  return stdout
    .toString('utf8')
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .filter((cells) => cells.length === columns);
}

/** A cell's number; null for `[N/A]` and `[Not Supported]`, which GPUs answer that cannot tell. */
function numberIn(cell: string): number | null {
  return /^\d+(\.\d+)?$/.test(cell) ? Number(cell) : null;
}
