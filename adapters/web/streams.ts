import { DIRECT } from '../../src/core/adapter.ts';
import type { ChatMessage } from '../../src/core/chat-store.ts';

/** What may wait for a slow page before its stream is cut, characters; the page then resumes by itself. */
const WAITING_MAX = 1024 * 1024;
/** Proxies and laptops drop a silent connection; a comment now and then keeps it, milliseconds. */
const HEARTBEAT_MS = 15_000;

/** An answer to one person, shown where they asked and kept nowhere. */
export interface PrivateAnswer {
  interaction: string;
  channel: string;
  thread: number | null;
  reply: unknown;
  /** Only in place of what a page shows of that interaction. */
  isEdit?: boolean;
}

/** Whose page it is, and whether they may still listen. */
export interface Listener {
  personId: string;
  mayListen(): boolean;
}

interface Stream extends Listener {
  send(text: string): void;
  close(): void;
}

/** The pages that listen: server-sent events, which the page reads with fetch so that its token is a header. */
export function createStreams() {
  const streams = new Set<Stream>();
  /** Set from the first page on. */
  let heartbeat: NodeJS.Timeout | undefined;

  function beat(): void {
    dropStrangers();
    for (const stream of streams) stream.send(': still here\n\n');
  }

  /** Whoever has left, or is no longer among the people, hears no more. */
  function dropStrangers(): void {
    for (const stream of streams) if (!stream.mayListen()) stream.close();
  }

  return {
    count: () => streams.size,
    dropStrangers,

    /** A page's stream: what it missed, then everything as it happens, in the order of change. */
    open(listener: Listener, missed: readonly ChatMessage[]): ReadableStream<Uint8Array> {
      const outlet = createOutlet(`retry: 1000\n\n${missed.map(messageEvent).join('')}`, () =>
        streams.delete(stream),
      );
      const stream: Stream = { ...listener, send: outlet.send, close: outlet.close };
      streams.add(stream);
      heartbeat ??= setInterval(beat, HEARTBEAT_MS).unref();
      return outlet.readable;
    },

    /** To every page that may read it. */
    broadcast(changed: readonly ChatMessage[]): void {
      for (const message of changed.toSorted((a, b) => a.seq - b.seq)) {
        const text = messageEvent(message);
        for (const stream of streams) if (mayRead(stream.personId, message.channel)) stream.send(text);
      }
    },

    /** To one person's pages; without a number, so that it is not sent again. Whether there are any. */
    answer(personId: string, answer: PrivateAnswer): boolean {
      const text = `event: private\ndata: ${JSON.stringify(answer)}\n\n`;
      const theirs = [...streams].filter((stream) => stream.personId === personId);
      for (const stream of theirs) stream.send(text);
      return theirs.length > 0;
    },

    stop(): void {
      clearInterval(heartbeat);
      for (const stream of streams) stream.close();
    },
  };
}

export type Streams = ReturnType<typeof createStreams>;

/** What the bot says to one person alone is for no other. */
export function mayRead(personId: string, channel: string): boolean {
  return !channel.startsWith(DIRECT) || channel === `${DIRECT}${personId}`;
}

/** Text on its way to one page. `onClosed` runs when the page has gone, reads too slowly, or is shown out. */
function createOutlet(first: string, onClosed: () => void) {
  const encoder = new TextEncoder();
  let waiting = first;
  let isOpen = true;
  let wake = () => {};

  function close(): void {
    isOpen = false;
    waiting = '';
    onClosed();
    wake();
  }

  const readable = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (isOpen && waiting === '') {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        if (isOpen) controller.enqueue(encoder.encode(waiting));
        else controller.close();
        waiting = '';
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  );
  return {
    readable,
    close,
    send(text: string): void {
      waiting += text;
      if (waiting.length > first.length + WAITING_MAX) close();
      else wake();
    },
  };
}

function messageEvent(message: ChatMessage): string {
  return `id: ${message.seq}\nevent: message\ndata: ${JSON.stringify(message)}\n\n`;
}
