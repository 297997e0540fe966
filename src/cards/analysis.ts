import { type Analysis, type Difference, REFERENCE_WORDS } from '../core/analysis.ts';
import type { Block, Text } from '../core/message.ts';
import { inlines } from '../core/message.ts';
import { knownText, numberText, spreadText } from '../core/units.ts';

/** A proposed reading of a finished run's numbers; the verdict is the team's. Nothing if there are no numbers. */
export function analysisBlocks(analysis: Analysis): Block[] {
  const { metric, value, mean, noise, differences } = analysis;
  if (metric === null) return [];
  const own: Text[] =
    value === null
      ? [{ bold: metric }, ': none']
      : [{ bold: metric }, ` ${noise ? spreadText(value, noise.deviation) : numberText(value)}`];
  if (mean) own.push(`, mean ${knownText(mean.value, noise?.deviation ?? null)} of ${mean.runs} runs`);
  if (value !== null && noise) own.push(` (${noiseText(noise)})`);
  const beside = differences.map((each): Text => `; ${differenceText(each, noise?.deviation ?? null)}`);
  return [
    { kind: 'text', text: [...own, ...beside, '.'].flatMap(inlines) },
    { kind: 'text', text: [{ bold: 'Proposed reading' }, `: ${readingText(analysis)}.`] },
  ];
}

/** `improved: compared with the parent base, by more than seed noise`. */
export function readingText({ reading, because }: Pick<Analysis, 'reading' | 'because'>): string {
  return because === '' ? reading : `${reading}: ${because}`;
}

function noiseText({ source, runs }: NonNullable<Analysis['noise']>): string {
  return source === 'repeats' ? `seed noise, from ${runs} repeated runs` : 'the jitter of its curve';
}

/** `0.021 better than the parent job-0000006 (0.2168)`, as precisely as the deviation of one run allows. */
export function differenceText(
  { why, experimentId, value, runs, gain }: Difference,
  deviation: number | null = null,
): string {
  const of = runs > 1 ? `, the mean of ${runs}` : '';
  const other = `the ${REFERENCE_WORDS[why]} ${experimentId} (${knownText(value, deviation)}${of})`;
  const by = knownText(Math.abs(gain), deviation);
  if (by === '0') return `as good as ${other}`;
  return `${by} ${gain > 0 ? 'better' : 'worse'} than ${other}`;
}
