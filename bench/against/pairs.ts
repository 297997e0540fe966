import { type Probe, type Run, type Side, Unmeasured } from './measure.ts';

/** A pair's ratios may lie so far apart before the row is called noisy: the highest of the lowest. */
const NOISY = 2;
/** Longest sample; a year takes most of it. */
const WITHIN_MIN = 60;

/** The middle of some values, and how far they lie apart. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

export interface Compared {
  measured: Spread;
  beside: Spread | null;
  /** Of each pair, measured by beside. */
  ratio: Spread | null;
  isNoisy: boolean;
}

/** Opens both sides and samples them strictly in turn, pair by pair, the order turned each time; the first pair only warms up. */
export async function compare(
  run: Run,
  sides: { measured: Side; beside?: Side | undefined },
  pairs: number,
  warmUps: number,
): Promise<Compared> {
  const beside = sides.beside ? await sides.beside.open(run) : null;
  let measured: Probe | undefined;
  try {
    measured = await sides.measured.open(run);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let pair = -warmUps; pair < pairs; pair += 1) {
      const turns = [
        async () => ours.push(await sampled(measured!)),
        ...(beside ? [async () => theirs.push(await sampled(beside))] : []),
      ];
      for (const turn of pair % 2 === 0 ? turns : turns.reverse()) await turn();
      if (pair < 0) [ours.length, theirs.length] = [0, 0];
    }
    const ratios = theirs.map((value, pair) => ours[pair]! / value);
    const ratio = beside ? spreadOf(ratios) : null;
    const { min, max } = ratio ?? spreadOf(ours);
    return {
      measured: spreadOf(ours),
      beside: beside ? spreadOf(theirs) : null,
      ratio,
      isNoisy: max > NOISY * min && pairs > 1,
    };
  } finally {
    await Promise.allSettled([measured?.close(), beside?.close()]);
  }
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

async function sampled(probe: Probe): Promise<number> {
  let limit: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    limit = setTimeout(
      () => reject(new Unmeasured(`a sample took longer than ${WITHIN_MIN} min`)),
      WITHIN_MIN * 60_000,
    );
  });
  const value = await Promise.race([probe.sample(), overdue]).finally(() => clearTimeout(limit));
  if (!Number.isFinite(value)) throw new Unmeasured(`a sample is ${value}`);
  return value;
}
