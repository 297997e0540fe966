import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Puts a shell script into a folder of programs, to be found there by its name. */
export function writeProgram(bin: string, name: string, script: string): string {
  mkdirSync(bin, { recursive: true });
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

/**
 * An `nvidia-smi` that answers the two questions xaxbot asks with these lines, in the form that the real one prints
 * for `--format=csv,noheader,nounits` (its manual page, and `nvidia-smi --help-query-gpu`): a comma and a space.
 */
export function writeNvidiaSmi(bin: string, answers: { gpus: string[]; processes: string[] }): void {
  const print = (lines: string[]) => lines.map((line) => `echo '${line}'`).join('\n') || ':';
  const fields = 'index,uuid,name,utilization.gpu,memory.used,memory.total';
  writeProgram(
    bin,
    'nvidia-smi',
    `[ "$2" = --format=csv,noheader,nounits ] || exit 2
case "$1" in
--query-gpu=${fields}) ${print(answers.gpus)} ;;
--query-compute-apps=gpu_uuid,pid,used_memory) ${print(answers.processes)} ;;
*) echo "Field \\"$1\\" is not a valid field to query." ; exit 2 ;;
esac`,
  );
}

/** A row of `nvidia-smi`'s GPUs. */
export function gpuRow(index: number, use = '0', used = '3'): string {
  return `${index}, GPU-0000000${index}-aaaa-bbbb-cccc-dddddddddddd, NVIDIA H100 80GB HBM3, ${use}, ${used}, 81559`;
}

/** A row of its processes. */
export function processRow(gpu: number, pid: number, used = '10240'): string {
  return `GPU-0000000${gpu}-aaaa-bbbb-cccc-dddddddddddd, ${pid}, ${used}`;
}
