import type { GpuProcess, GpuReading } from '../core/gpus.ts';
import { countGpus } from './driver.ts';
import { readGpuProcesses, readGpus } from './nvidia-smi.ts';

/** What can be read of this host's GPUs. */
export function hostGpus(env: NodeJS.ProcessEnv): {
  readGpus(): Promise<GpuReading>;
  countGpus(): Promise<number | null>;
  readProcesses(): Promise<GpuProcess[] | null>;
} {
  return {
    readGpus: () => readGpus(env),
    countGpus: () => countGpus(),
    readProcesses: () => readGpuProcesses(env),
  };
}
