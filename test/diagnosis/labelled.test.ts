import { describe, expect, it } from 'vitest';
import { CAUSE_KINDS } from '../../src/diagnosis/kinds.ts';
import { diagnoseLog, type Label, labels, labelsOf, rawLog, type Verdict, verdictOf } from './failures.ts';
import { FORMS, type Form, MORE_FORMS } from './forms.ts';

/** Logs that may be looked at when rules change, and those that were set aside. */
const GIVEN = ['open', 'reports', 'reports-open', 'reports-seen'];
/** What was told of `reports-held` when it was first looked at, after the rules were finished. */
const HELD_FIRST = { right: 81, misleading: 4 };
const FIRST = ['open', 'held', 'reports'];

interface Score extends Record<Verdict, number> {
  logs: number;
  /** What was told instead, of all that are not right. */
  others: string[];
}

function score(chosen: readonly Label[], form?: Form): Score {
  const counts: Score = { logs: chosen.length, right: 0, vague: 0, unknown: 0, misleading: 0, others: [] };
  for (const label of chosen) {
    const raw = rawLog(label);
    const found = diagnoseLog(label, form ? form.apply(raw.replace(/\n$/, '').split('\n')) : raw);
    const verdict = verdictOf(label, found);
    counts[verdict] += 1;
    if (verdict !== 'right')
      counts.others.push(
        `${verdict}: ${label.id} is ${label.expect.join(' or ')}, told was ${found.kind}: ${found.text}`,
      );
  }
  return counts;
}

const line = (name: string, { logs, right, vague, unknown, misleading }: Score) =>
  `${name.padEnd(15)} ${logs} logs: ${right} right, ${vague} vague, ${unknown} unknown, ${misleading} misleading`;

describe('the cause of a failed job', () => {
  for (const label of labelsOf(...GIVEN))
    it(`is told of ${label.id}`, () => {
      const found = diagnoseLog(label);
      const { kind, text } = found;
      expect({ verdict: verdictOf(label, found), kind, text }).toEqual({
        verdict: 'right',
        kind,
        text,
      });
      expect(found).toMatchObject(label.found ?? {});
      expect(text).not.toMatch(/\n/);
      expect(found.lines.length).toBeGreaterThan(0);
    });

  it('is never told wrongly of a log that was given, and of one that was set aside as it was first measured', () => {
    const sets = [...new Set(labels.map(({ set }) => set))];
    const scores = new Map(sets.map((set) => [set, score(labelsOf(set))]));
    const told = sets.flatMap((set) => [
      line(set, scores.get(set)!),
      ...scores.get(set)!.others.map((other) => `  ${other}`),
    ]);
    console.log(['diagnosis', ...told].join('\n'));
    expect(GIVEN.map((set) => scores.get(set)!.misleading)).toEqual(GIVEN.map(() => 0));
    expect(scores.get('held')).toMatchObject({ right: 26, misleading: 0 });
    const held = scores.get('reports-held')!;
    expect(held.right).toBeGreaterThanOrEqual(HELD_FIRST.right);
    expect(held.misleading).toBeLessThanOrEqual(HELD_FIRST.misleading);
  });

  for (const form of [...FORMS, ...MORE_FORMS])
    it(`is the same ${form.name}`, () => {
      const { others } = score(labelsOf(...FIRST), form);
      expect(others).toEqual([]);
      expect(score(labelsOf('reports-open', 'reports-seen'), form).misleading).toBe(0);
    });
});

it('the labelled set is whole: every kind in both first parts, every source an address', () => {
  expect(labels.length).toBeGreaterThanOrEqual(340);
  for (const kind of CAUSE_KINDS)
    for (const set of ['open', 'held'])
      expect(
        labelsOf(set).some(({ expect: kinds }) => kinds[0] === kind),
        `${kind} in ${set}`,
      ).toBe(true);
  for (const { source } of labels) expect(source).toMatch(/^https:\/\//);
});
