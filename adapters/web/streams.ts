import type { WebMessage } from './store.ts';

/** Events that may wait for a slow page before its stream is closed; it then resumes by itself. */
const WAITING_MAX = 1_000;
/** Proxies and laptops drop a silent connection; a comment now and then keeps it, milliseconds. */
const HEARTBEAT_MS = 15_000;

/** An answer to one person, shown where they asked and kept nowhere. */
export interface PrivateAnswer {
  interaction: string;
  channel: string;
  thread: number | null;
  reply: unknown;
}

interface Stream {
  personId: string;
  send(text: string): void;
  close(): void;
}

/** The pages that listen: server-sent events, which the page reads with fetch so that its token is a header. */
export function createStreams() {
  const streams = new Set<Stream>();
  const heartbeat = setInterval(() => {
    for (const stream of streams) stream.send(': still here\n\n');
  }, HEARTBEAT_MS).unref();

  return {
    count: () => streams.size,

    /** A page's stream: what it missed, then everything as it happens, in the order of change. */
    open(personId: string, missed: readonly WebMessage[]): ReadableStream<Uint8Array> {
      const encoder = new TextEncoder();
      let stream: Stream | undefined;
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            const opened: Stream = {
              personId,
              send(text) {
                if ((controller.desiredSize ?? 0) <= 0) return this.close();
                controller.enqueue(encoder.encode(text));
              },
              close() {
                if (streams.delete(opened)) controller.close();
              },
            };
            streams.add(opened);
            stream = opened;
            opened.send('retry: 1000\n\n');
            for (const message of missed) opened.send(messageEvent(message));
          },
          cancel() {
            if (stream) streams.delete(stream);
          },
        },
        new CountQueuingStrategy({ highWaterMark: WAITING_MAX + missed.length }),
      );
    },

    /** To every page. */
    broadcast(changed: readonly WebMessage[]): void {
      for (const message of changed.toSorted((a, b) => a.seq - b.seq)) {
        const text = messageEvent(message);
        for (const stream of streams) stream.send(text);
      }
    },

    /** To one person's pages; without a number, so that it is not sent again. */
    answer(personId: string, answer: PrivateAnswer): void {
      const text = `event: private\ndata: ${JSON.stringify(answer)}\n\n`;
      for (const stream of streams) if (stream.personId === personId) stream.send(text);
    },

    stop(): void {
      clearInterval(heartbeat);
      for (const stream of streams) stream.close();
    },
  };
}

export type Streams = ReturnType<typeof createStreams>;

function messageEvent(message: WebMessage): string {
  return `id: ${message.seq}\nevent: message\ndata: ${JSON.stringify(message)}\n\n`;
}
