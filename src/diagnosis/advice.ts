import type { CauseKind } from './kinds.ts';

/** What helps in general with a kind; where the words tell more, their meaning has its own. */
export const ADVICE: Partial<Record<CauseKind, string>> = {
  out_of_memory_device:
    'Try a smaller batch or gradient_accumulation_steps, rematerialisation, or see what else uses the GPU.',
  out_of_memory_host:
    'Try fewer data loader workers, less of the data in memory, or a higher memory limit of the job.',
  nan: 'Try a lower learning rate, gradient clipping, or compile.debug_nans=true to find where it starts.',
  missing_module:
    'Install it in the environment that the queue uses, or start the task as python -m from its project.',
  missing_file: 'Check the path as the host sees it; a relative path starts at the staged project.',
  disk_full: 'Free up space, or move the runs folder: old checkpoints usually take the most.',
  cuda: 'Check nvidia-smi and the driver against the installed CUDA libraries.',
  compile:
    'A kernel cannot be compiled for this GPU with this toolchain: check versions, or turn the custom kernel off.',
  interruption: 'Nothing is wrong with the run: retry it.',
};
