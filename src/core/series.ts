import { clip } from './clip.ts';
import { BotError } from './errors.ts';
import type { Series } from './metrics.ts';
import { nearest } from './nearest.ts';

export interface SeriesPoint {
  step: number;
  /** Epoch seconds. */
  wallTime: number;
  value: number;
}

/** What a curve's steps are called, one of them. */
export function stepWord({ counts }: Pick<Series, 'counts'>): string {
  return counts ?? 'step';
}

/** How many values at its end, in a row, are no finite numbers. */
export function badAtEnd({ values, length }: Series): number {
  let bad = 0;
  while (bad < length && !Number.isFinite(values[length - 1 - bad]!)) bad += 1;
  return bad;
}

/**
 * Whether a curve ends in values that are no numbers, in more of them than it ever recovered from: some writers put NaN where
 * there was nothing to log.
 */
export function isBroken(series: Series): boolean {
  const bad = badAtEnd(series);
  return bad > 0 && bad > longestOvercome(series, bad);
}

/** The most values in a row that were no numbers, besides the last so many. */
export function longestOvercome({ values, length }: Series, last: number): number {
  let longest = 0;
  for (let index = 0, bad = 0; index < length - last; index += 1) {
    bad = Number.isFinite(values[index]!) ? 0 : bad + 1;
    longest = Math.max(longest, bad);
  }
  return longest;
}

/** The point at `index`. */
export function pointAt(series: Series, index: number): SeriesPoint {
  return { step: series.steps[index]!, wallTime: series.wallTimes[index]!, value: series.values[index]! };
}

/** The point that was logged last; undefined for a tag without points. */
export function latest(series: Series): SeriesPoint | undefined {
  return series.length === 0 ? undefined : pointAt(series, series.length - 1);
}

/** The point with the smallest or largest finite value; undefined when there is none. */
export function best(series: Series, mode: 'min' | 'max'): SeriesPoint | undefined {
  let found = -1;
  for (let index = 0; index < series.length; index += 1) {
    const value = series.values[index]!;
    if (!Number.isFinite(value)) continue;
    if (found < 0 || (mode === 'min' ? value < series.values[found]! : value > series.values[found]!))
      found = index;
  }
  return found < 0 ? undefined : pointAt(series, found);
}

/** Names that tell by themselves which way is better. */
const LESS_IS_BETTER = /loss|err(or)?s?\b|perplexity|\bppl|nll|\b(r?mse|mae|wer|cer|fid|kl)\b/i;
const MORE_IS_BETTER =
  /acc(uracy)?\b|reward|\brew\b|\breturns?\b|score|\bf1\b|\bau(c|roc|prc)\b|bleu|rouge|\bm?iou\b|\bm?ap\d*\b|precision|recall|success|psnr|ssim/i;

/** Whether less or more of a metric is better: as the objective says, else as its name tells; null when neither does. */
export function directionOf(
  tag: string,
  objective: { metric: string; mode: 'min' | 'max' } | null,
): 'min' | 'max' | null {
  if (objective?.metric === tag) return objective.mode;
  const words = tag.replaceAll('_', ' ');
  const [less, more] = [LESS_IS_BETTER.test(words), MORE_IS_BETTER.test(words)];
  return less === more ? null : less ? 'min' : 'max';
}

/** What is said to a tag that `whose` runs do not have. */
export function unknownTag(whose: string, tag: string, tags: readonly string[]): BotError {
  return new BotError(
    'unknown-tag',
    `${whose} no metric "${clip(tag, 60)}".`,
    `Nearest: ${nearest(tag, tags, 3).join(', ')}.`,
  );
}

/** A part of a tag that says of which data a value is: `val`, `eval-wikitext`, `test_2`; not `value`, as xax begins its tags. */
const HELD_OUT = '(val(id(ation)?)?|eval(uation)?|test(ing)?|dev)([_\\d-][\\w-]*)?';
const heldOut = (metric: string) => [
  new RegExp(`(^|/)${HELD_OUT}/(.*/)?(epoch_)?${metric}$`, 'i'),
  new RegExp(`(^|[/_. :-])${HELD_OUT}[_. :-]${metric}$`, 'i'),
  new RegExp(`(^|/)${metric}[/_. :-]${HELD_OUT}$`, 'i'),
];
const LOSS = '(loss|nll|perplexity|ppl)';
const ACCURACY = '(top_?1_?)?acc(uracy)?(_?top_?1|@1)?';

/** Ways a loss is tagged, best first: held-out before training, named before anything. */
const HELD_OUT_LOSSES = [...heldOut('loss'), ...heldOut(LOSS)];
const OWN_LOSS = /^value\/loss$/i;
const TRAINING_LOSSES = [/(^|\/)(epoch_)?loss$/i, /(^|[/_])train(ing)?[/_](.*[/_])?loss$/i, /loss/i];
const LOSS_TAGS = [...HELD_OUT_LOSSES, OWN_LOSS, ...TRAINING_LOSSES];

/**
 * How a run is judged where nobody said by what, the first that it logs; `words` complete "judged by", null where the tag says as
 * much.
 */
const OBJECTIVES: readonly { patterns: readonly RegExp[]; words: string | null }[] = [
  { patterns: HELD_OUT_LOSSES, words: 'its loss on held-out data' },
  { patterns: [/mAP50-95/i], words: 'its mean average precision' },
  {
    patterns: [/(^|\/)(ep(isode)?_|mean_)+(rew(ard)?|return)s?(_mean)?$/i],
    words: "an episode's mean reward",
  },
  { patterns: heldOut(ACCURACY), words: 'its accuracy on held-out data' },
  { patterns: [OWN_LOSS], words: null },
  { patterns: [new RegExp(`(^|/)(\\w+_)?${ACCURACY}$`, 'i')], words: 'its accuracy' },
  { patterns: TRAINING_LOSSES, words: 'its training loss' },
  { patterns: [/^value\//, /(?:)/], words: 'the first metric that it logs' },
];

/** The loss, as it is usually tagged. */
export function pickLoss(series: readonly Series[]): Series | undefined {
  for (const pattern of LOSS_TAGS) {
    const found = series.find((each) => pattern.test(each.tag));
    if (found) return found;
  }
  return undefined;
}

/** The curve that tells how a run did, and by which rule it is that one; null for one that was asked for, or whose tag says it. */
export interface Judged {
  series: Series;
  rule: string | null;
  /** Tags of other curves of which that rule says as much: another may be meant. */
  alike: readonly string[];
}

/** By the rules; of what one rule says, what has a curve goes before what has a single value. */
export function judgedBy(series: readonly Series[]): Judged | undefined {
  for (const { patterns, words } of OBJECTIVES) {
    const fitting = patterns.map((pattern) => series.filter(({ tag }) => pattern.test(tag)));
    const all = fitting.flat();
    const found = all.find(({ length }) => length > 1) ?? all[0];
    if (!found) continue;
    const same = fitting.find((each) => each.includes(found))!.filter((each) => each !== found);
    return { series: found, rule: words, alike: words === null ? [] : same.map(({ tag }) => tag) };
  }
  return undefined;
}

/** By the wanted tag, else by the rules. */
export function judge(series: readonly Series[], wanted?: string): Judged | undefined {
  const exact = wanted === undefined ? undefined : series.find((each) => each.tag === wanted);
  return exact ? { series: exact, rule: null, alike: [] } : judgedBy(series);
}

/** The series that tells how a run did: the wanted tag, else what the rules choose. */
export function pickObjective(series: readonly Series[], wanted?: string): Series | undefined {
  return judge(series, wanted)?.series;
}
