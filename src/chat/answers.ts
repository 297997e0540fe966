import type { Invocation, Reply } from '../core/adapter.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { within } from '../core/within.ts';

export type Answer = (reply: Reply) => Promise<void>;

/** How long the end of the process waits for answers that are on their way, milliseconds. */
const LAST_TRY_MS = 2_000;

/** An answer that its adapter is to give. */
interface Asked {
  invocation: Invocation;
  reply: Reply;
  /** Settles when its adapter has given it, or gives it up. */
  tried?: Promise<void>;
}

/**
 * Makes, of an adapter's way to answer an invocation, the one that commands are given: answers go out one after the other,
 * of interim ones only the newest waits its turn, and nothing follows the final one. What becomes of an answer says nothing
 * of what was done, so this never rejects: `late` gets a final answer that its adapter could not give, and says whether it will be given.
 */
export function createAnswers({
  late,
  log,
}: {
  late(invocation: Invocation, reply: Reply): boolean;
  log: Log;
}) {
  /** Final answers that were made and are not given yet. */
  const open = new Set<Asked>();
  const end = new AbortController();

  function giveLater(asked: Asked, why?: unknown): void {
    open.delete(asked);
    const { invocation, reply } = asked;
    const { adapter, person } = invocation;
    const about = { ...(why === undefined ? {} : { error: errorText(why) }), adapter, person: person.id };
    try {
      // What was asked for is done and on record all the same.
      if (!late(invocation, reply)) log.info(about, 'whoever asked has gone before the answer');
      else if (why !== undefined) log.warn(about, 'an answer could not be given where it was asked for');
    } catch (error) {
      log.error({ ...about, err: error }, 'an answer was lost');
    }
  }

  async function giveOne(asked: Asked, give: (reply: Reply) => Promise<unknown>): Promise<void> {
    const { invocation, reply } = asked;
    const { adapter, person } = invocation;
    if (reply.final && !open.has(asked)) return;
    try {
      await give({ ...reply, ending: end.signal });
      open.delete(asked);
    } catch (error) {
      const about = { error: errorText(error), adapter, person: person.id };
      if (!reply.final) return log.info(about, 'an interim answer was not given');
      if (open.has(asked)) giveLater(asked, error);
    }
  }

  function answersTo(invocation: Invocation, give: (reply: Reply) => Promise<unknown>): Answer {
    let next: Asked | undefined;
    let isClosed = false;
    let giving: Promise<void> | undefined;

    function takeNext(): Asked | undefined {
      const asked = next;
      next = undefined;
      return asked;
    }

    async function giveAll(): Promise<void> {
      for (let asked = takeNext(); asked !== undefined; asked = takeNext()) await giveOne(asked, give);
      giving = undefined;
    }

    return (reply) => {
      if (isClosed) return giving ?? Promise.resolve();
      isClosed = reply.final;
      const asked: Asked = { invocation, reply };
      if (reply.final) open.add(asked);
      next = asked;
      giving ??= giveAll();
      asked.tried = giving;
      return giving;
    };
  }

  return {
    answersTo,

    /**
     * The process ends: no adapter tries again, and what none has given so far is given by the next process. A try that is
     * under way may still succeed, and is waited for, since whoever asked would then be answered twice.
     */
    async handOver(): Promise<void> {
      end.abort();
      await within(LAST_TRY_MS, Promise.all([...open].map(({ tried }) => tried)), () => {});
      for (const asked of open) giveLater(asked);
    },
  };
}

export type Answers = ReturnType<typeof createAnswers>;
export type AnswersTo = Answers['answersTo'];
