import type { Gpu, GpuReading } from '../core/gpus.ts';

/** `0000:17:00.0`, with more or fewer digits of the domain (`00000000:17:00.0`), in a row or glued to `GPU`. */
const ADDRESS = /([0-9a-f]{4,8}):([0-9a-f]{2}):([0-9a-f]{2})\.([0-9a-f])/i;

/**
 * Puts what nvidia-smi complains of to the GPU that it names by its PCI address. What names none, or one that
 * cannot be told from the others, may be about any of them: then it stands with all.
 *
 * @param addresses rows of index and PCI address
 */
export function withComplaints(
  gpus: readonly Gpu[],
  complaints: readonly string[],
  addresses: readonly string[][],
): GpuReading {
  const indices = new Map(
    addresses.flatMap(([index, address]) => {
      const known = addressIn(address!);
      return known && /^\d+$/.test(index!) ? [[known, Number(index)] as const] : [];
    }),
  );
  const isMapped = gpus.every(({ index }) => [...indices.values()].includes(index));
  const about = complaints.map((words) => {
    const address = addressIn(words);
    return { words, index: isMapped && address !== undefined ? (indices.get(address) ?? null) : undefined };
  });
  return {
    gpus: gpus.map((gpu) => {
      const fault = gpu.fault ?? about.find(({ index }) => index === gpu.index || index === undefined)?.words;
      return fault === undefined ? gpu : { ...gpu, fault };
    }),
    // One that is named and has no row is gone: nobody else says so.
    trouble: about.find(({ index }) => index === null)?.words ?? null,
  };
}

function addressIn(text: string): string | undefined {
  const [, domain, ...place] = ADDRESS.exec(text) ?? [];
  return domain === undefined ? undefined : [Number.parseInt(domain, 16), ...place].join(':').toLowerCase();
}
