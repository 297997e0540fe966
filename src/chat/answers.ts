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
  /** Final answers that an adapter is giving just now, or tries to. */
  const underWay = new Set<{ invocation: Invocation; reply: Reply }>();

  function giveLater({ invocation, reply }: { invocation: Invocation; reply: Reply }): void {
    try {
      late(invocation, reply);
    } catch (error) {
      const { adapter, person } = invocation;
      log.error({ err: error, adapter, person: person.id }, 'an answer was lost');
    }
  }

  async function giveOne(
    invocation: Invocation,
    reply: Reply,
    give: (reply: Reply) => Promise<unknown>,
  ): Promise<void> {
    const { adapter, person } = invocation;
    const asked = { invocation, reply };
    if (reply.final) underWay.add(asked);
    try {
      await give(reply);
    } catch (error) {
      const about = { error: errorText(error), adapter, person: person.id };
      if (!reply.final) return log.info(about, 'an interim answer was not given');
      log.warn(about, 'an answer could not be given where it was asked for');
      if (underWay.has(asked)) giveLater(asked);
    } finally {
      underWay.delete(asked);
    }
  }

  function answersTo(invocation: Invocation, give: (reply: Reply) => Promise<unknown>): Answer {
    let next: Reply | undefined;
    let isClosed = false;
    let giving: Promise<void> | undefined;

    function takeNext(): Reply | undefined {
      const reply = next;
      next = undefined;
      return reply;
    }

    async function giveAll(): Promise<void> {
      for (let reply = takeNext(); reply !== undefined; reply = takeNext())
        await giveOne(invocation, reply, give);
      giving = undefined;
    }

    return (reply) => {
      if (isClosed) return giving ?? Promise.resolve();
      isClosed = reply.final;
      next = reply;
      giving ??= giveAll();
      return giving;
    };
  }

  return {
    answersTo,

    /** The process ends: what no adapter has given so far is given later, by the next one. */
    handOver(): void {
      for (const asked of underWay) {
        underWay.delete(asked);
        giveLater(asked);
      }
    },
  };
}

export type Answers = ReturnType<typeof createAnswers>;
export type AnswersTo = Answers['answersTo'];
