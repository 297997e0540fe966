import { expect, it } from 'vitest';
import { BUDGETS, createBudgets } from '../../src/chat/budgets.ts';
import { BOB, CLAUDE, EVE } from '../toy-bot.ts';

function world() {
  let now = 0;
  const warned: unknown[] = [];
  const budgets = createBudgets({
    clock: () => now,
    log: { warn: (fields: unknown) => void warned.push(fields) },
  });
  return {
    budgets,
    warned,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it('what one person types or says without end is passed over, which holds nobody else up and comes back with time', () => {
  for (const kind of ['typed', 'said'] as const) {
    const { budgets, warned, pass } = world();
    const flood = Array.from({ length: 5_000 }, () => budgets.flows(BOB, kind));
    expect(flood.filter((each) => each)).toHaveLength(BUDGETS.people[kind].burst);
    expect(budgets.flows(EVE, kind)).toBe(true);
    expect(warned).toEqual([{ person: 'bob', kind }]);
    pass(1_000);
    expect([budgets.flows(BOB, kind), budgets.flows(EVE, kind)]).toEqual([true, true]);
  }
});

it('letters and words take nothing of the budget for commands, and agents have less', () => {
  const { budgets } = world();
  while (budgets.flows(CLAUDE, 'typed'));
  expect(() => budgets.spend(CLAUDE, { changes: true })).not.toThrow();
  for (const [kind, { burst }] of Object.entries(BUDGETS.agents))
    expect(burst).toBeLessThan(BUDGETS.people[kind as 'said'].burst);
});

it('a person who types as fast as one can is never passed over', () => {
  const { budgets, pass } = world();
  for (let letter = 0; letter < 10_000; letter += 1) {
    expect(budgets.flows(BOB, 'typed')).toBe(true);
    pass(60);
  }
});
