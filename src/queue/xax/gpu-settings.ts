import type { AskedReservation } from '../../core/gpus.ts';

/** How xax is told what to keep for its jobs (gpu_utils.py of 0.4.9): a variable, or the flag that goes before it. */
const LISTED = { variable: 'XAX_QUEUE_GPUS', flag: '--queue-gpus' };
const FIRST = { variable: 'XAX_QUEUE_NUM_GPUS', flag: '--queue-num-gpus' };

/** The flags that tell xax to keep these. */
export function gpuFlags(reservation: AskedReservation): string[] {
  return reservation.kind === 'listed'
    ? [LISTED.flag, reservation.indices.join(',')]
    : [FIRST.flag, String(reservation.count)];
}

/** What the two variables say; undefined when neither says anything that xax would take. */
export function fromVariables(variables: ReadonlyMap<string, string>): AskedReservation | undefined {
  return parse(variables.get(LISTED.variable), variables.get(FIRST.variable));
}

/** The same of a command's flags. */
export function fromFlags(words: readonly string[]): AskedReservation | undefined {
  return parse(flagIn(words, LISTED.flag), flagIn(words, FIRST.flag));
}

function flagIn(words: readonly string[], flag: string): string | undefined {
  const index = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  if (index < 0) return undefined;
  return words[index] === flag ? words[index + 1] : words[index]!.slice(flag.length + 1);
}

/** As xax reads them (parse_gpu_indices): whole numbers with commas between, none twice; a count from 1. */
function parse(listed: string | undefined, count: string | undefined): AskedReservation | undefined {
  const parts = (listed ?? '').split(',').map((part) => part.trim());
  const indices = parts.map(Number);
  if (parts.every((part) => /^\d+$/.test(part)) && new Set(indices).size === indices.length)
    return { kind: 'listed', indices };
  const first = (count ?? '').trim();
  return /^\d+$/.test(first) && Number(first) > 0 ? { kind: 'first', count: Number(first) } : undefined;
}
