import type { CommandDeclaration } from '../core/command-declaration.ts';
import { BotError } from '../core/errors.ts';
import { createPace, type Pace } from '../core/pace.ts';
import type { Person } from '../core/person.ts';
import { type Clock, durationText } from '../core/time.ts';

/** What one person, or one agent, may ask for: nobody reaches it by hand, and a program that does drowns no others. */
export const BUDGETS: Record<'people' | 'agents', Record<'changes' | 'reads', Pace>> = {
  people: { changes: { burst: 120, perSecond: 2 }, reads: { burst: 240, perSecond: 4 } },
  agents: { changes: { burst: 60, perSecond: 1 }, reads: { burst: 120, perSecond: 2 } },
};

/** Counts what each person asks for. */
export function createBudgets(clock: Clock) {
  const paceOf = (whose: keyof typeof BUDGETS) => ({
    changes: createPace({ ...BUDGETS[whose].changes, clock }),
    reads: createPace({ ...BUDGETS[whose].reads, clock }),
  });
  const paces = { people: paceOf('people'), agents: paceOf('agents') };

  /** Takes one command from somebody's budget. Error `too-many` when nothing is left of it. */
  return function spend({ id, role }: Person, { changes }: Pick<CommandDeclaration, 'changes'>): void {
    const kind = changes ? 'changes' : 'reads';
    const waitMs = paces[role === 'agent' ? 'agents' : 'people'][kind].take(id);
    if (waitMs === 0) return;
    throw new BotError(
      'too-many',
      `That is too many commands at once that ${changes ? 'change something' : 'only read'}: nothing was done.`,
      `Try it again in ${durationText(Math.max(1_000, waitMs))}.`,
    );
  };
}

export type Spend = ReturnType<typeof createBudgets>;
