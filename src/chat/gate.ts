import type { AdapterHandlers } from '../core/adapter.ts';
import { textMessage } from '../core/message.ts';
import { within } from '../core/within.ts';

/** Counts what is under way, so that an orderly stop can wait for it and lets nothing new begin. */
export function createGate(handlers: AdapterHandlers) {
  const underWay = new Set<Promise<void>>();
  let isClosed = false;

  return {
    handlers: {
      ...handlers,
      async invoke(...[invocation, reply]: Parameters<AdapterHandlers['invoke']>): Promise<void> {
        if (isClosed)
          return reply({
            message: textMessage(
              'xaxbot is being stopped: nothing was done. Ask again when it runs.',
              'warning',
            ),
            visibility: 'private',
            ok: false,
            final: true,
            errorCode: 'stopping',
          });
        const work = handlers.invoke(invocation, reply);
        underWay.add(work);
        return work.finally(() => underWay.delete(work));
      },
    } satisfies AdapterHandlers,

    /** Nothing new begins; resolves, when all is answered or after so many milliseconds, to how much is not. */
    async close(withinMs: number): Promise<number> {
      isClosed = true;
      await within(withinMs, Promise.allSettled(underWay), () => {});
      return underWay.size;
    },
  };
}

export type Gate = ReturnType<typeof createGate>;
