import { readdir } from 'node:fs/promises';

/** The driver's folder of the host's GPUs, one each, named by its PCI address (NVIDIA Linux driver README, "The /proc interface"). */
const FOLDER = '/proc/driver/nvidia/gpus';

/** How many GPUs the driver has, also where there is no nvidia-smi; null without a driver. */
export async function countGpus(folder = FOLDER): Promise<number | null> {
  const found = await readdir(folder).catch(() => []);
  return found.length > 0 ? found.length : null;
}
