/**
 * A GPU that is split (MIG) is followed by its parts in `nvidia-smi -L`:
 *
 *     GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-…)
 *       MIG 1g.5gb      Device  0: (UUID: MIG-…)
 *
 * (NVIDIA Multi-Instance GPU User Guide, "Getting Started"). Until driver 470 a part's name held that of its GPU, as
 * MIG-GPU-…/1/0.
 */
const DEVICE = /^(\s*)(?:GPU \d+|MIG \S+\s+Device\s+\d+): ?.*\(UUID: ((?:GPU|MIG)-[\w/-]+)\)/;

/** The GPU of each part, by the part's UUID. */
export function parseDevices(lines: readonly string[]): Map<string, string> {
  const wholes = new Map<string, string>();
  let gpu: string | undefined;
  for (const line of lines) {
    const [, indent, uuid] = DEVICE.exec(line) ?? [];
    if (uuid === undefined) continue;
    if (indent === '') gpu = uuid;
    else if (gpu !== undefined) wholes.set(uuid, gpu);
  }
  return wholes;
}

/** The GPUs that are split. */
export function partitionedIn(lines: readonly string[]): Set<string> {
  return new Set(parseDevices(lines).values());
}
