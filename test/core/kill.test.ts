import { describe, expect, test } from 'vitest';
import { type AskedKill, killOf, killText } from '../../src/core/kill.ts';

const AT = 1_795_446_000_000;
const ada = (more: Partial<AskedKill> = {}): AskedKill => ({
  id: 'ada',
  name: 'Ada',
  at: AT - 50,
  graceMs: 10_000,
  signals: [{ signal: 'SIGTERM', at: AT }],
  hasEnded: true,
  isOver: true,
  ...more,
});
const both: AskedKill['signals'] = [
  { signal: 'SIGTERM', at: AT },
  { signal: 'SIGKILL', at: AT + 10_000 },
];
const ended = (afterMs: number, returnCode: number | null, error: string | null = null) => ({
  status: returnCode === 0 ? ('completed' as const) : ('failed' as const),
  startedAt: AT / 1000 - 3_600,
  endedAt: (AT + afterMs) / 1000,
  returnCode,
  error,
});
const textOf = (job: ReturnType<typeof ended>, ...kills: AskedKill[]) => {
  const found = killOf(job, kills);
  return found && killText(found);
};

describe('an end is put down to a kill', () => {
  test.each<[string, ReturnType<typeof ended>, AskedKill, string]>([
    ['by the signal that was sent', ended(400, -15), ada(), 'killed by Ada (SIGTERM)'],
    ['that it ignored until SIGKILL', ended(10_300, -9), ada({ signals: both }), 'killed by Ada (SIGKILL)'],
    [
      'whose SIGTERM it heeded as SIGKILL came',
      ended(10_300, -15),
      ada({ signals: both }),
      'killed by Ada (SIGTERM)',
    ],
    [
      'though what it left behind took xax ten seconds more',
      ended(19_900, -15),
      ada(),
      'killed by Ada (SIGTERM)',
    ],
    [
      'that gave it longer than others do',
      ended(290_000, -15),
      ada({ graceMs: 300_000 }),
      'killed by Ada (SIGTERM)',
    ],
    [
      'that an agent proposed, with who approved it',
      ended(400, -15),
      ada({ name: 'Claude', approvedBy: 'Ada' }),
      'killed by Claude, approved by Ada (SIGTERM)',
    ],
    [
      'by a stop of the observer',
      ended(2_000, -1, 'Queue stopped while job was running'),
      ada({ signals: [{ signal: 'observer stop', at: AT }] }),
      'killed by Ada (observer stop)',
    ],
    [
      'that was seen to succeed, though the observer was away and recorded it much later',
      ended(3_600_000, -1, 'Recovered stale running job while observer restarted'),
      ada(),
      'killed by Ada (SIGTERM)',
    ],
  ])('%s', (_how, job, kill, text) => {
    expect(textOf(job, kill)).toBe(text);
  });

  test('the last that fits, of several', () => {
    const early = ada({ name: 'Bea', at: AT - 900_000, signals: [{ signal: 'SIGTERM', at: AT - 900_000 }] });
    expect(textOf(ended(400, -15), early, ada())).toBe('killed by Ada (SIGTERM)');
    expect(textOf(ended(-899_500, -15), early, ada())).toBe('killed by Bea (SIGTERM)');
  });
});

test.each([0, 1, 130, 137, 143])(
  'a run that exits with %i right after a signal ended after the kill',
  (code) => {
    expect(textOf(ended(700, code), ada())).toBe(`ended after the kill by Ada (SIGTERM, exit code ${code})`);
  },
);

describe('an end is not put down to a kill', () => {
  test.each<[string, ReturnType<typeof ended>, AskedKill]>([
    ['that had sent nothing yet', ended(400, -15), ada({ signals: [] })],
    ['when it came before the signal', ended(-200, -15), ada()],
    ['when it completed before the signal', ended(-200, 0), ada()],
    ['when it failed of itself before the signal', ended(-200, 1), ada()],
    ['long after the signal', ended(3_600_000, -15), ada({ hasEnded: false })],
    ['when it failed of itself long after the signal', ended(3_600_000, 1), ada({ hasEnded: false })],
    ['when it completed long after the signal', ended(3_600_000, 0), ada({ hasEnded: false })],
    ['when another signal ended it', ended(400, -9), ada()],
    ['when it crashed', ended(400, -11), ada()],
    ['before SIGKILL was sent, by SIGKILL', ended(5_000, -9), ada({ signals: both })],
    [
      'that was to stop the observer, when it completed meanwhile',
      ended(500, 0),
      ada({ signals: [{ signal: 'observer stop', at: AT }] }),
    ],
    [
      'that failed, when the observer restarted later',
      ended(3_600_000, -1, 'Recovered stale running job while observer restarted'),
      ada({ hasEnded: false }),
    ],
  ])('%s', (_how, job, kill) => {
    expect(killOf(job, [kill])).toBeNull();
  });
});

test('of a job that runs, who kills it is known, and with which signal', () => {
  const running = {
    status: 'running' as const,
    startedAt: AT / 1000 - 60,
    endedAt: null,
    returnCode: null,
    error: null,
  };
  expect(killOf(running, [ada({ signals: [] })])).toMatchObject({ name: 'Ada', signal: null });
  expect(killOf(running, [ada({ signals: both })])).toMatchObject({ signal: 'SIGKILL' });
  expect(killOf(running, [])).toBeNull();
  const vain = { hasEnded: false };
  expect(killOf(running, [ada({ ...vain, isOver: false })])).toMatchObject({ signal: 'SIGTERM' });
  expect(killOf(running, [ada(vain)])).toBeNull();
  expect(killOf(running, [ada({ ...vain, signals: [] })])).toBeNull();
  expect(killOf(running, [ada({ ...vain, signals: both })])).toMatchObject({ signal: 'SIGKILL' });
  expect(killOf({ ...running, startedAt: AT / 1000 + 60 }, [ada()])).toBeNull();
});
