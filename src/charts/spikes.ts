/** A value is compared with so many on either side of it. */
const NEIGHBOURS = 20;
/** Of so many neighbours this many may be spikes too. */
const OTHER_SPIKES: readonly { from: number; others: number }[] = [
  { from: 20, others: 2 },
  { from: 10, others: 1 },
  { from: 0, others: 0 },
];
/** Fewer neighbours than this on a side tell nothing. */
const NEIGHBOURS_LEAST = 2;
/** More of a curve than this part are no spikes but how it is: a reward that is mostly 0. */
const SPIKES_PART = 1 / 50;

/**
 * Of each value whether it lies far off all its neighbours, on both sides of it: further outside of what they span than that is
 * wide. What rises or falls steadily, however steeply, is never a spike, and neither is a step.
 */
export function spikesIn(ys: readonly number[]): boolean[] {
  const isSpike = ys.map((_, index) => isFarOff(ys, index));
  const count = isSpike.filter(Boolean).length;
  return count > ys.length * SPIKES_PART + 1 ? isSpike.fill(false) : isSpike;
}

function isFarOff(ys: readonly number[], index: number): boolean {
  const reach = Math.min(NEIGHBOURS, index, ys.length - 1 - index);
  if (reach < NEIGHBOURS_LEAST) return false;
  const { others } = OTHER_SPIKES.find(({ from }) => 2 * reach >= from)!;
  const y = ys[index]!;
  let [above, below] = [0, 0];
  for (let near = 1; near <= reach; near += 1)
    for (const neighbour of [ys[index - near]!, ys[index + near]!]) {
      if (neighbour >= y) above += 1;
      if (neighbour <= y) below += 1;
    }
  // Most are within the others already; only the rest is worth an order.
  if (above > others && below > others) return false;
  const around = [...ys.slice(index - reach, index), ...ys.slice(index + 1, index + reach + 1)];
  const sorted = Float64Array.from(around).sort();
  const [low, high] = [sorted[others]!, sorted[sorted.length - 1 - others]!];
  return y > high + (high - low) || y < low - (high - low);
}
