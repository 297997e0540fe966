import { expect, it } from 'vitest';
import { usageByDay } from '../../src/runs/usage.ts';

const at = (text: string) => Date.parse(text);

it('counts the hours of whole days in the reader’s zone, over midnight and up to now', () => {
  const days = usageByDay(
    [
      { from: at('2026-11-20T20:00Z'), to: at('2026-11-21T02:00Z'), failed: false },
      { from: at('2026-11-21T10:00Z'), to: at('2026-11-21T11:30Z'), failed: true },
      { from: at('2026-11-22T09:00Z'), to: null, failed: false },
    ],
    3,
    at('2026-11-22T12:00Z'),
    'UTC',
  );
  expect(days).toEqual([
    { label: 'Fri 20', busyHours: 4, failedHours: 0, idleHours: 20, jobs: 0 },
    { label: 'Sat 21', busyHours: 3.5, failedHours: 1.5, idleHours: 20.5, jobs: 2 },
    { label: 'Sun 22', busyHours: 3, failedHours: 0, idleHours: 9, jobs: 0 },
  ]);
});

it('knows that a day may have 25 hours, and where it begins', () => {
  const zone = 'Europe/Zurich';
  const days = usageByDay([], 2, at('2026-10-26T23:00Z'), zone);
  expect(days.map(({ label, idleHours }) => [label, idleHours])).toEqual([
    ['Mon 26', 24],
    ['Tue 27', 0],
  ]);
  const changed = usageByDay([], 2, at('2026-10-25T22:59:59Z'), zone);
  expect(changed.map(({ label, idleHours }) => [label, Math.round(idleHours)])).toEqual([
    ['Sat 24', 24],
    ['Sun 25', 25],
  ]);
  expect(usageByDay([], 1, at('2026-11-22T23:30Z'), 'Asia/Kolkata')[0]).toMatchObject({
    label: 'Mon 23',
    idleHours: 5,
  });
});
