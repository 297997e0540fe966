import type { Analysis, Difference } from '../core/analysis.ts';
import type { Block, Text } from '../core/message.ts';
import { inlines } from '../core/message.ts';
import { numberText } from '../core/units.ts';

/** What an ended run's numbers say, as a proposal: the verdict is the team's. Nothing where there is no number to speak of. */
export function analysisBlocks(analysis: Analysis): Block[] {
  const { metric, value, mean, noise, differences } = analysis;
  if (metric === null) return [];
  const own: Text[] =
    value === null ? [{ bold: metric }, ': none'] : [{ bold: metric }, ` ${numberText(value)}`];
  if (mean) own.push(`, ${numberText(mean.value)} in the mean of ${mean.runs} runs`);
  if (value !== null && noise) own.push(` (${noiseText(noise)})`);
  const beside = differences.map((each): Text => `; ${differenceText(each)}`);
  return [
    { kind: 'text', text: [...own, ...beside, '.'].flatMap(inlines) },
    { kind: 'text', text: [{ bold: 'Proposed reading' }, `: ${readingText(analysis)}.`] },
  ];
}

/** `improved: against the parent base, by more than what seeds make`. */
export function readingText({ reading, because }: Pick<Analysis, 'reading' | 'because'>): string {
  return because === '' ? reading : `${reading}: ${because}`;
}

function noiseText({ deviation, source, runs }: NonNullable<Analysis['noise']>): string {
  const spread = `±${roughly(deviation)}`;
  return source === 'repeats'
    ? `seeds make ${spread}, by ${runs} runs that were repeated`
    : `its curve jitters by ${spread}`;
}

/** A standard deviation is not known to more than two digits. */
function roughly(deviation: number): string {
  return numberText(Number(deviation.toPrecision(2)));
}

/** `0.021 better than the parent job-0000006 (0.2168)`. */
export function differenceText({ why, experimentId, value, runs, gain }: Difference): string {
  const of = runs > 1 ? `, the mean of ${runs}` : '';
  const other = `the ${why} ${experimentId} (${numberText(value)}${of})`;
  if (gain === 0) return `as good as ${other}`;
  return `${numberText(Math.abs(gain))} ${gain > 0 ? 'better' : 'worse'} than ${other}`;
}
