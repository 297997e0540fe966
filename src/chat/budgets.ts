import type { CommandDeclaration } from '../core/command-declaration.ts';
import { BotError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { createPace, type Pace } from '../core/pace.ts';
import type { Person } from '../core/person.ts';
import { type Clock, durationText } from '../core/time.ts';

type Kind = 'changes' | 'reads' | 'typed' | 'said';

/**
 * What one person, or one agent, may ask for: nobody reaches it by hand, and a program that does drowns no others. `typed`: letters
 * that are completed; `said`: messages in threads that are kept.
 */
export const BUDGETS: Record<'people' | 'agents', Record<Kind, Pace>> = {
  people: {
    changes: { burst: 120, perSecond: 2 },
    reads: { burst: 240, perSecond: 4 },
    typed: { burst: 400, perSecond: 20 },
    said: { burst: 120, perSecond: 2 },
  },
  agents: {
    changes: { burst: 60, perSecond: 1 },
    reads: { burst: 120, perSecond: 2 },
    typed: { burst: 200, perSecond: 10 },
    said: { burst: 60, perSecond: 1 },
  },
};
/** How often it is logged at most that somebody is over a budget. */
const TELLING: Pace = { burst: 1, perSecond: 1 / 60 };

/** Counts what each person asks for. */
export function createBudgets({ clock, log }: { clock: Clock; log: Pick<Log, 'warn'> }) {
  const telling = createPace({ ...TELLING, clock });
  const paceOf = (whose: keyof typeof BUDGETS) => ({
    changes: createPace({ ...BUDGETS[whose].changes, clock }),
    reads: createPace({ ...BUDGETS[whose].reads, clock }),
    typed: createPace({ ...BUDGETS[whose].typed, clock }),
    said: createPace({ ...BUDGETS[whose].said, clock }),
  });
  const paces = { people: paceOf('people'), agents: paceOf('agents') };
  const take = ({ id, role }: Person, kind: Kind): number =>
    paces[role === 'agent' ? 'agents' : 'people'][kind].take(id);

  return {
    /** Takes one command, or form, from somebody's budget. Error `too-many` when nothing is left of it. */
    spend(person: Person, { changes }: Pick<CommandDeclaration, 'changes'>): void {
      const waitMs = take(person, changes ? 'changes' : 'reads');
      if (waitMs === 0) return;
      throw new BotError(
        'too-many',
        `That is too many commands at once that ${changes ? 'change something' : 'only read'}: nothing was done.`,
        `Try it again in ${durationText(Math.max(1_000, waitMs))}.`,
      );
    },
    /** Takes one of what nobody is answered for; false when nothing is left, so that it is passed over. */
    flows(person: Person, kind: 'typed' | 'said'): boolean {
      if (take(person, kind) === 0) return true;
      if (telling.take(`${kind} ${person.id}`) === 0)
        log.warn({ person: person.id, kind }, 'more comes from one person than is taken in');
      return false;
    },
  };
}

export type Budgets = ReturnType<typeof createBudgets>;
