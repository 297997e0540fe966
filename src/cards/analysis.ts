import type { Analysis, Difference } from '../core/analysis.ts';
import type { Block, Text } from '../core/message.ts';
import { inlines } from '../core/message.ts';
import { numberText } from './job-card.ts';

/** What an ended run's numbers say, as a proposal: the verdict is the team's. Nothing where there is no number to speak of. */
export function analysisBlocks({ metric, value, noise, differences, reading, because }: Analysis): Block[] {
  if (metric === null) return [];
  const own: Text[] =
    value === null ? [{ bold: metric }, ': none'] : [{ bold: metric }, ` ${numberText(value)}`];
  if (value !== null && noise !== null) own.push(` (noise ±${numberText(noise)})`);
  const beside = differences.map((each): Text => `; ${differenceText(each)}`);
  return [
    { kind: 'text', text: [...own, ...beside, '.'].flatMap(inlines) },
    { kind: 'text', text: [{ bold: 'Proposed reading' }, `: ${reading}, ${because}.`] },
  ];
}

/** `0.021 better than the parent job-0000006 (0.2168)`. */
export function differenceText({ why, experimentId, value, gain }: Difference): string {
  const other = `the ${why} ${experimentId} (${numberText(value)})`;
  if (gain === 0) return `as good as ${other}`;
  return `${numberText(Math.abs(gain))} ${gain > 0 ? 'better' : 'worse'} than ${other}`;
}
