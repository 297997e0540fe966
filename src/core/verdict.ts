/** What a run may have shown about its hypothesis: the first word of a row's result_summary. */
export const VERDICTS = ['confirmed', 'refuted', 'inconclusive'] as const;
export type Verdict = (typeof VERDICTS)[number];

const FIRST_WORD = new RegExp(`^(${VERDICTS.join('|')})\\b`, 'i');

/** Whether a result_summary begins with a verdict. */
export function hasVerdict(resultSummary: string): boolean {
  return FIRST_WORD.test(resultSummary);
}
