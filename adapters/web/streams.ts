import { DIRECT } from '../../src/core/adapter.ts';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import { createOutlet, type Outlet } from './outlet.ts';
import type { WebTimings } from './timings.ts';

/** Pages at a time: of one person, whose oldest makes way for one more, and of all. */
const OF_PERSON_MAX = 12;
const OF_ALL_MAX = 200;
/** The last word to a page that makes way, so that it does not come back by itself. */
const OVER = 'event: over\ndata: {}\n\n';

/** An answer to one person, shown where they asked and kept nowhere. */
export interface PrivateAnswer {
  interaction: string;
  /** What was asked, as it is typed; an edit may not say it. */
  asked?: string;
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
  /** Breaks the connection, which a page that does not read would keep. */
  hangUp(): void;
}

interface Stream extends Listener, Outlet {}

/** The pages that listen: server-sent events, which the page reads with fetch so that its proof is a header. */
export function createStreams({ heartbeatMs, unreadMs, lastWordMs }: WebTimings) {
  const streams = new Set<Stream>();
  /** Set from the first page on. */
  let heartbeat: NodeJS.Timeout | undefined;

  function beat(): void {
    dropStrangers();
    for (const stream of streams)
      if (stream.unreadMs() > unreadMs) stream.close();
      else stream.send(': still here\n\n');
  }

  /** Whoever has left, or is no longer among the people, hears no more. */
  function dropStrangers(): void {
    for (const stream of streams) if (!stream.mayListen()) stream.close();
  }

  /** The oldest page of somebody with too many is told that it is over. */
  function makeWay(personId: string): void {
    const theirs = [...streams].filter((stream) => stream.personId === personId);
    for (const stream of theirs.slice(0, Math.max(0, theirs.length - OF_PERSON_MAX + 1))) {
      streams.delete(stream);
      stream.send(OVER);
      setTimeout(stream.close, lastWordMs).unref();
    }
  }

  return {
    count: () => streams.size,
    dropStrangers,
    isFull: () => streams.size >= OF_ALL_MAX,

    /** A page's stream: what it missed, then everything as it happens, in the order of change. */
    open(listener: Listener, missed: string): ReadableStream<Uint8Array> {
      makeWay(listener.personId);
      const outlet = createOutlet(`retry: 1000\n\n${missed}`, () => {
        streams.delete(stream);
        // What can still be read is read first.
        setTimeout(listener.hangUp, lastWordMs).unref();
      });
      const stream: Stream = { ...listener, ...outlet };
      streams.add(stream);
      heartbeat ??= setInterval(beat, heartbeatMs).unref();
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

/** A message as a stream has it. */
export function messageEvent(message: ChatMessage): string {
  return `id: ${message.seq}\nevent: message\ndata: ${JSON.stringify(message)}\n\n`;
}
