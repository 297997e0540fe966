/** A value is compared with so many on either side of it. */
const NEIGHBOURS = 20;
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
  const others = othersOf(2 * reach);
  const y = ys[index]!;
  let above = 0;
  let below = 0;
  for (let near = 1; near <= reach; near += 1) {
    const before = ys[index - near]!;
    const after = ys[index + near]!;
    above += Number(before >= y) + Number(after >= y);
    below += Number(before <= y) + Number(after <= y);
    // Most are soon seen to be within the others; only the rest is worth an order.
    if (above > others && below > others) return false;
  }
  const around = [...ys.slice(index - reach, index), ...ys.slice(index + 1, index + reach + 1)];
  const sorted = Float64Array.from(around).sort();
  const [low, high] = [sorted[others]!, sorted[sorted.length - 1 - others]!];
  return y > high + (high - low) || y < low - (high - low);
}

/** How many of so many neighbours may be spikes too. */
function othersOf(neighbours: number): number {
  if (neighbours < 10) return 0;
  return neighbours < 20 ? 1 : 2;
}
