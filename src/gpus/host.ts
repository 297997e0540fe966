import type { GpuProcess, GpuReading } from '../core/gpus.ts';
import type { Queue } from '../core/queue.ts';
import { countGpus } from './driver.ts';
import { readGpuProcesses, readGpus } from './nvidia-smi.ts';

/** What can be read of this host's GPUs for a queue. What is simulated is not on them. */
export function hostGpus(
  { simulated }: Pick<Queue, 'simulated'>,
  env: NodeJS.ProcessEnv,
): {
  readGpus(): Promise<GpuReading>;
  countGpus(): Promise<number | null>;
  readProcesses(): Promise<GpuProcess[] | null>;
} {
  return {
    readGpus: async () => (simulated ? { gpus: null, trouble: null } : readGpus(env)),
    countGpus: async () => (simulated ? null : countGpus()),
    readProcesses: async () => (simulated ? null : readGpuProcesses(env)),
  };
}
