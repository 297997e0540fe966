import { isDeepStrictEqual } from 'node:util';
import { decisionPost, proposalPointer, stateWords } from '../cards/proposal.ts';
import type { Reply } from '../core/adapter.ts';
import { BotError, errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { type Message, textMessage } from '../core/message.ts';
import type { Person } from '../core/person.ts';
import { type ApprovalsService, type Proposal, unknownProposal } from '../core/proposal.ts';
import type { Clock } from '../core/time.ts';
import type { NewProposal, ProposalStore } from '../store/approvals.ts';
import type { Perform } from './perform.ts';
import type { Standing } from './standing.ts';

/** How many proposals of one agent may wait at a time: people have to read them. */
const WAITING_MAX = 20;

/**
 * What agents want changed waits here for somebody's word. Each step is one transaction with what is said of it, so
 * that no crash tells anything twice or leaves a decision unsaid.
 */
export function createApprovals(deps: {
  store: ProposalStore;
  /** How long a proposal waits, milliseconds. */
  waitMs(): number;
  /** Whoever decides on it must be allowed that where it is done, and whoever approves it, to do it themselves. Errors `not-allowed`. */
  mustBeAllowed(proposal: Proposal, by: Person, decision: 'approve' | 'deny'): void;
  /** Errors for what its agent may not propose any more, and for a session that is closed, or not there any more. */
  standing: Standing;
  /**
   * Its card should stand where people decide on it, and show how it stands; whether there is such a place. `pointer` is
   * for those who may not see that place.
   */
  show(proposal: Proposal, pointer: Message | undefined): boolean;
  /** Posts next to the card; once per key. */
  tell(key: string, proposal: Proposal, message: Message): void;
  /** Something was decided or done, and is in the database. */
  onSettled(): void;
  clock: Clock;
  log: Log;
}) {
  const { store, clock } = deps;
  let perform: Perform | undefined;

  /** One transaction, and then everybody who waits hears of it, if anything was settled. */
  function step<T>(work: () => T, isSettling: (result: T) => boolean = () => false): T {
    const result = store.transaction(work);
    if (isSettling(result)) deps.onSettled();
    return result;
  }

  function show(proposal: Proposal): boolean {
    return deps.show(proposal, proposal.state === 'waiting' ? proposalPointer(proposal) : undefined);
  }

  function decided(proposals: readonly Proposal[]): Proposal[] {
    for (const each of proposals) {
      show(each);
      deps.tell(`proposal:${each.id}:decided`, each, decisionPost(each));
    }
    return [...proposals];
  }

  /** Denies proposals that nobody decided in time. */
  function expire(): void {
    step(
      () => decided(store.expire(clock())),
      (expired) => expired.length > 0,
    );
  }

  /** The proposal, if this person may decide on it. */
  function known(id: number, by: Person): Proposal {
    expire();
    const proposal = store.get(id);
    if (!proposal) throw unknownProposal(id);
    if (proposal.agent.id === by.id)
      throw new BotError('not-allowed', 'You cannot decide on your own proposal.', 'Ask someone else.');
    return proposal;
  }

  function mustBeAllowed(proposal: Proposal, by: Person, decision: 'approve' | 'deny'): void {
    try {
      deps.mustBeAllowed(proposal, by, decision);
    } catch (error) {
      if (!(error instanceof BotError)) throw error;
      throw new BotError(error.code, error.message, 'It still waits for someone with that role.');
    }
  }

  function closed(id: number): BotError {
    return new BotError(
      'proposal-closed',
      `Proposal ${id} ${stateWords(store.get(id)!)}.`,
      'It was already decided; nothing was done.',
    );
  }

  const service: ApprovalsService = {
    list(limit) {
      expire();
      return store.list(limit);
    },

    get(id) {
      expire();
      return store.get(id);
    },

    async approve(id, by, onProgress) {
      const proposal = known(id, by);
      mustBeAllowed(proposal, by, 'approve');
      if (proposal.state === 'waiting') deps.standing.mustStillBe(proposal);
      step(() => {
        if (!store.decide(id, 'running', by, clock(), null)) throw closed(id);
        show(store.get(id)!);
      });
      const { state, message, result } = await outcomeOf(proposal, by, onProgress);
      try {
        return step(
          () => {
            store.finish(id, state, message, result);
            return decided([store.get(id)!])[0]!;
          },
          () => true,
        );
      } catch (error) {
        // What was done is not undone by that: whoever approved it is told how it ended.
        deps.log.error({ err: error, proposal: id, state }, 'the end of a proposal was not written down');
        return { ...store.get(id)!, state, outcome: message };
      }
    },

    deny(id, by, reason) {
      mustBeAllowed(known(id, by), by, 'deny');
      return step(
        () => {
          if (!store.decide(id, 'denied', by, clock(), reason)) throw closed(id);
          return decided([store.get(id)!])[0]!;
        },
        () => true,
      );
    },
  };

  async function outcomeOf(proposal: Proposal, by: Person, onProgress: (message: Message) => void) {
    try {
      const reply: Reply = await perform!(proposal, by, onProgress);
      const state = reply.ok ? ('done' as const) : ('refused' as const);
      return { state, message: reply.message, result: reply.data };
    } catch (error) {
      const isBug = !(error instanceof BotError);
      if (isBug) deps.log.error({ err: error, proposal: proposal.id }, 'a proposal failed');
      const words = isBug
        ? "Something went wrong here. The bot's own log has the details."
        : errorText(error);
      return { state: 'failed' as const, message: textMessage(words, 'bad'), result: null };
    }
  }

  return {
    service,
    expire,

    /** Who carries out what was approved: it runs commands, and commands approve, so it is given once both are there. */
    performBy(given: Perform): void {
      perform = given;
    },

    /** Reports what was running when the process ended; call once, at the start. */
    recover(): void {
      step(() => decided(store.interrupt()));
      expire();
    },

    /**
     * Keeps a proposal and asks for a decision, as far as there is a place to ask in. One that waits already is not made
     * again. Error `too-many-proposals`; `session-closed`.
     */
    propose(given: Omit<NewProposal, 'proposedAt' | 'expiresAt'>): { proposal: Proposal; isTold: boolean } {
      expire();
      deps.standing.mayBeMade(given);
      const waiting = store.waiting(given.agent.id);
      const same = waiting.find(
        ({ command, session, options }) =>
          command === given.command &&
          session === given.session &&
          isDeepStrictEqual(options, JSON.parse(JSON.stringify(given.options))),
      );
      if (same)
        return {
          proposal: same,
          isTold: step(() => show(same)),
        };
      if (waiting.length >= WAITING_MAX)
        throw new BotError(
          'too-many-proposals',
          `${given.agent.name} already has ${waiting.length} proposals waiting.`,
          'Wait until people have decided on some.',
        );
      const proposedAt = clock();
      return step(() => {
        const id = store.add({ ...given, proposedAt, expiresAt: proposedAt + deps.waitMs() });
        const proposal = store.get(id)!;
        return { proposal, isTold: show(proposal) };
      });
    },
  };
}

export type Approvals = ReturnType<typeof createApprovals>;
