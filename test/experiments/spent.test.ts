import { describe, expect, it } from 'vitest';
import { runsLeft, spentBy, whatIsSpent } from '../../src/experiments/spent.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const ran = (status: string, started_at: string, ended_at = '') => ({ status, started_at, ended_at });

describe("what a session's runs have taken", () => {
  const rows = [
    ran('completed', '2026-11-23T08:00:00Z', '2026-11-23T10:00:00Z'),
    ran('failed', '2026-11-23T10:00:00Z', '2026-11-23T10:30:00Z'),
    ran('running', '2026-11-23T11:00:00Z'),
    ran('queued', ''),
  ];

  it('is their hours times the GPUs of each, the one that runs counted until now', () => {
    const on = (gpusOf: (status: string) => number | null) =>
      spentBy(
        rows.map((row) => ({ ...row, gpus: gpusOf(row.status) })),
        NOW,
      );
    expect(on(() => 4)).toEqual({ runs: 3, waiting: 1, gpuHours: 14 });
    expect(on((status) => (status === 'completed' ? 8 : null)).gpuHours).toBe(2 * 8 + 1.5);
  });

  it('is of an array what each of its tasks took', () => {
    const since = Date.parse('2026-11-23T11:30:00Z') / 1_000;
    const times = { gpus: 2, seconds: 5_400, running: { count: 2, since: 2 * since }, untimed: 0 };
    const array = { ...ran('running', '2026-11-23T08:00:00Z'), gpus: null };
    expect(spentBy([{ ...array, times: JSON.stringify(times) }], NOW).gpuHours).toBe(2 * (1.5 + 2 * 0.5));
    const onCpus = { ...times, gpus: 0 };
    expect(spentBy([{ ...array, times: JSON.stringify(onCpus) }], NOW).gpuHours).toBe(0);
  });

  it('leaves as many runs as the budget has, and none once its hours or its day are over', () => {
    const spent = spentBy(
      rows.map((row) => ({ ...row, gpus: 1 })),
      NOW,
    );
    expect(runsLeft({}, spent, NOW)).toBeNull();
    expect(runsLeft({ runs: 6 }, spent, NOW)).toBe(2);
    expect(runsLeft({ runs: 2 }, spent, NOW)).toBe(0);
    expect(runsLeft({ hours: 3.5 }, spent, NOW)).toBe(0);
    expect(runsLeft({ runs: 6, hours: 4 }, spent, NOW)).toBe(2);
    expect(runsLeft({ runs: 6, until: NOW - 1 }, spent, NOW)).toBe(0);
  });

  it('says which part of the budget is spent', () => {
    const spent = { runs: 3, waiting: 1, gpuHours: 14 };
    expect(whatIsSpent({ runs: 5, hours: 20, until: NOW + 1 }, spent, NOW)).toBeNull();
    expect(whatIsSpent({ runs: 4 }, spent, NOW)).toBe(
      'the budget of 4 runs is spent: 3 were made and 1 wait',
    );
    expect(whatIsSpent({ hours: 12.5 }, spent, NOW)).toBe(
      'the budget of 12.5 GPU hours is spent: 14 were used',
    );
    expect(whatIsSpent({ until: NOW }, spent, NOW)).toBe(
      "the session's time ran out at 2026-11-23T12:00:00Z",
    );
  });
});
