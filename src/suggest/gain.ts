import { type Candidate, farPlaces, pairs, type Ranked, singles } from './candidates.ts';
import type { Base, Study } from './study.ts';
import { type Expectation, normal } from './surface.ts';

/** One option changed, two at once, and places all over the ranges. */
export function everything({ axes, runs }: Study, base: Base): Candidate[] {
  const every = axes.map((_axis, index) => index);
  return [
    ...singles(axes, base.places, every),
    ...pairs(axes, base.places),
    ...farPlaces(axes, base.places, runs.length),
  ];
}

/** Candidates with what is expected of them, the most to be gained on the best first. */
export function byGain({ surface, runs }: Study, base: Base, candidates: readonly Candidate[]): Ranked[] {
  const lowest = runs.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const from = Math.max(lowest, surface(base.places).mean);
  return candidates
    .map((candidate) => {
      const expectation = surface(candidate.places);
      return { ...candidate, expectation, gain: expectedGain(expectation, from) };
    })
    .sort((a, b) => b.gain - a.gain);
}

/** The expected improvement (Mockus 1978) on `from`. */
function expectedGain({ mean, deviation }: Expectation, from: number): number {
  const ahead = (from - mean) / deviation;
  const density = Math.exp(-0.5 * ahead * ahead) / Math.sqrt(2 * Math.PI);
  return (from - mean) * normal(ahead) + deviation * density;
}
