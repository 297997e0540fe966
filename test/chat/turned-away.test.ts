import { expect, it } from 'vitest';
import { createTurnedAway } from '../../src/chat/turned-away.ts';
import type { NewAuditEntry } from '../../src/store/audit.ts';

function audit() {
  let at = 0;
  const entries: NewAuditEntry[] = [];
  const turnedAway = createTurnedAway({ add: (entry) => void entries.push(entry), now: () => at });
  return {
    entries,
    ...turnedAway,
    pass: (ms: number) => {
      at += ms;
    },
    refuse: (person: string, command: string, detail = 'not-allowed') =>
      turnedAway.add({ person, adapter: 'slack', channel: 'C1', command, detail, jobs: [], options: {} }),
  };
}

it('refusals that are alike are one entry at once, and one more that counts the others', () => {
  const { entries, refuse, pass, tick } = audit();
  for (let count = 0; count < 1_000; count += 1) refuse('eve', 'kill');
  refuse('eve', 'kill', 'bad-option');
  expect(entries.map(({ command, detail, times = 1 }) => [command, detail, times])).toEqual([
    ['kill', 'not-allowed', 1],
    ['kill', 'bad-option', 1],
  ]);
  pass(9 * 60_000);
  tick();
  expect(entries).toHaveLength(2);
  pass(60_000);
  tick();
  expect(entries.slice(2).map(({ person, command, times }) => [person, command, times])).toEqual([
    ['eve', 'kill', 999],
  ]);
  refuse('eve', 'kill');
  expect(entries).toHaveLength(4);
});

it('a flood of different refusals by many is at most 82 entries in ten minutes, and hides nobody else behind one person', () => {
  const { entries, refuse, settle } = audit();
  for (let command = 0; command < 60; command += 1) refuse('mallory', `command-${command}`);
  refuse('eve', 'kill');
  expect(entries.map(({ person, command }) => `${person} ${command}`)).toEqual([
    ...[0, 1, 2, 3, 4].map((each) => `mallory command-${each}`),
    'mallory null',
    'eve kill',
  ]);
  for (let person = 0; person < 20_000; person += 1) refuse(`stranger-${person}`, `command-${person % 50}`);
  settle();
  const counted = entries.reduce((sum, { times = 1 }) => sum + times, 0);
  expect([entries.length <= 82, counted]).toEqual([true, 60 + 1 + 20_000]);
});
