import type { Invocation, Reply } from '../core/adapter.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

export type Answer = (reply: Reply) => Promise<void>;

/**
 * Makes, of an adapter's way to answer an invocation, the one that commands are given: answers go out one after the other,
 * of interim ones only the newest waits its turn, and nothing follows the final one. What becomes of an answer says nothing
 * of what was done, so this never rejects: `late` gets a final answer that its adapter could not give.
 */
export function createAnswers({ late, log }: { late(invocation: Invocation, reply: Reply): void; log: Log }) {
  return function answersTo(invocation: Invocation, give: Answer): Answer {
    let next: Reply | undefined;
    let isClosed = false;
    let giving: Promise<void> | undefined;

    async function giveAll(): Promise<void> {
      for (let reply = takeNext(); reply !== undefined; reply = takeNext()) await giveOne(reply);
      giving = undefined;
    }

    function takeNext(): Reply | undefined {
      const reply = next;
      next = undefined;
      return reply;
    }

    async function giveOne(reply: Reply): Promise<void> {
      const { adapter, person } = invocation;
      try {
        await give(reply);
      } catch (error) {
        const about = { error: errorText(error), adapter, person: person.id };
        if (!reply.final) return log.info(about, 'an interim answer was not given');
        log.warn(about, 'an answer could not be given where it was asked for');
        try {
          late(invocation, reply);
        } catch (failure) {
          log.error({ err: failure, adapter, person: person.id }, 'an answer was lost');
        }
      }
    }

    return (reply) => {
      if (isClosed) return giving ?? Promise.resolve();
      isClosed = reply.final;
      next = reply;
      giving ??= giveAll();
      return giving;
    };
  };
}

export type AnswersTo = ReturnType<typeof createAnswers>;
