import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { CAUSE_KINDS, type CauseKind } from '../../src/diagnosis/rules.ts';
import { cleanLogText } from '../../src/queue/clean-text.ts';

interface Label {
  id: string;
  set: 'open' | 'held';
  class: CauseKind;
  source: string;
  return_code: number | null;
  xax_error: string | null;
  expect: { exception?: string; frame?: object; name?: string };
}

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'failures');
const labels = JSON.parse(readFileSync(join(FOLDER, 'labels.json'), 'utf8')) as Label[];

function found({ id, set, return_code, xax_error }: Label) {
  const lines = cleanLogText(readFileSync(join(FOLDER, set, `${id}.log`), 'utf8'));
  return diagnose({ error: xax_error, returnCode: return_code }, lines);
}

/** Right, unknown, or wrong with confidence: the last is what must not be. */
function score(set: Label['set']) {
  const own = labels.filter((label) => label.set === set);
  const counts = { logs: own.length, right: 0, unknown: 0, wrong: [] as string[] };
  for (const label of own) {
    const { kind } = found(label);
    if (kind === label.class) counts.right += 1;
    else if (kind === 'unknown') counts.unknown += 1;
    else counts.wrong.push(`${label.id}: ${label.class} taken for ${kind}`);
  }
  return counts;
}

describe('the cause of a failed job', () => {
  for (const label of labels.filter(({ set }) => set === 'open')) {
    it(`is ${label.class} of ${label.id}`, () => {
      const diagnosis = found(label);
      expect({ kind: diagnosis.kind, ...pick(diagnosis, label.expect) }).toEqual({
        kind: label.class,
        ...label.expect,
      });
      expect(diagnosis.text).not.toMatch(/\n/);
      expect(diagnosis.lines.length).toBeGreaterThan(0);
    });
  }

  it('is told right for most logs that were set aside, and never wrongly for one in twenty', () => {
    const [open, held] = [score('open'), score('held')];
    const line = (name: string, { logs, right, unknown, wrong }: ReturnType<typeof score>) =>
      `${name.padEnd(5)} ${logs} logs: ${right} right, ${unknown} not sure, ${wrong.length} confidently wrong${wrong.length > 0 ? ` (${wrong.join('; ')})` : ''}`;
    console.log(['diagnosis', line('open', open), line('held', held)].join('\n'));
    expect(held.right / held.logs).toBeGreaterThan(0.8);
    expect(held.wrong.length / held.logs).toBeLessThan(0.05);
  });
});

it('the labelled set is whole: every class in both parts, every source an address', () => {
  expect(labels.length).toBeGreaterThanOrEqual(60);
  expect(labels.filter(({ set }) => set === 'held').length).toBeGreaterThanOrEqual(labels.length / 3);
  for (const kind of CAUSE_KINDS)
    expect(new Set(labels.filter((label) => label.class === kind).map(({ set }) => set)), kind).toEqual(
      new Set(['open', 'held']),
    );
  for (const { source } of labels) expect(source).toMatch(/^https:\/\//);
});

function pick(diagnosis: ReturnType<typeof diagnose>, wanted: Label['expect']) {
  return Object.fromEntries(Object.keys(wanted).map((key) => [key, diagnosis[key as keyof Label['expect']]]));
}
