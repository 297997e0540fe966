import type { AdapterHandlers, GiveReply } from '../core/adapter.ts';
import { textMessage } from '../core/message.ts';
import { within } from '../core/within.ts';

/** Counts running requests, so that an orderly stop can wait for them and accept no new ones. */
export function createGate(handlers: AdapterHandlers) {
  const underWay = new Set<Promise<void>>();
  let isClosed = false;

  return {
    handlers: {
      ...handlers,
      async invoke(...[invocation, reply]: Parameters<AdapterHandlers['invoke']>): Promise<void> {
        if (isClosed) return refuse(reply);
        const work = handlers.invoke(invocation, reply);
        underWay.add(work);
        return work.finally(() => underWay.delete(work));
      },
    } satisfies AdapterHandlers,

    /** Accepts nothing new; resolves when all is answered, or after this many milliseconds, to the number left. */
    async close(withinMs: number): Promise<number> {
      isClosed = true;
      await within(withinMs, Promise.allSettled(underWay), () => {});
      return underWay.size;
    },
  };
}

/** Nobody waits for more. */
async function refuse(reply: GiveReply): Promise<void> {
  await reply({
    message: textMessage('xaxbot is shutting down: nothing was done. Try again when it is back.', 'warning'),
    visibility: 'private',
    ok: false,
    final: true,
    errorCode: 'stopping',
  }).catch(() => {});
}

export type Gate = ReturnType<typeof createGate>;
