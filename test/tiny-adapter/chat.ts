import type { Message } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';

/** What a command begins with there. */
export const PREFIX = '!xax ';

/** A message in the tiny chat; it shows plain text, buttons as words to press, and files by their name. */
export interface TinyMessage {
  id: string;
  channel: string;
  /** The message below which it stands. */
  root: string | null;
  key: string;
  message: Message;
  text: string;
  /** Accounts that were told of it. */
  notified: string[];
}

/** What somebody does in the tiny chat. */
export interface TinyEvent {
  account: string;
  channel: string;
  /** The message below which it was done. */
  root: string | null;
  act: { typed: string } | { command: string; options: Record<string, string>; replaces: boolean };
  /** Of something done on what one account alone was told: which of those it was. */
  told?: number | undefined;
}

export type TinyChat = ReturnType<typeof createTinyChat>;

/** A chat platform in memory: channels of text, private words, and one listener at a time. */
export function createTinyChat(rooms: readonly string[]) {
  const messages: TinyMessage[] = [];
  const privately: { account: string; message: Message }[] = [];
  let listener: ((event: TinyEvent) => Promise<void>) | undefined;
  let losesNext = false;
  let refusesNext = false;
  function mayRefuse(): void {
    const refuses = refusesNext;
    refusesNext = false;
    if (refuses) throw new Error('the chat is busy');
  }
  return {
    rooms,
    messages,
    privately,
    listen(next: typeof listener): void {
      listener = next;
    },
    isHeard: () => listener !== undefined,
    /** Says something to one account alone, in place of what it was told before; returns where that stands. */
    whisper(account: string, message: Message, instead = privately.length): number {
      mayRefuse();
      privately[instead] = { account, message };
      return instead;
    },
    post(given: Omit<TinyMessage, 'id' | 'text'>): TinyMessage {
      mayRefuse();
      const posted = { ...given, id: String(messages.length + 100), text: plainText(given.message) };
      messages.push(posted);
      if (losesNext) {
        losesNext = false;
        throw new Error('the answer was lost');
      }
      return posted;
    },
    edit(id: string, message: Message): boolean {
      const found = messages.find((each) => each.id === id);
      if (found) Object.assign(found, { message, text: plainText(message) });
      return found !== undefined;
    },
    in: (channel: string, root: string | null = null) =>
      messages.filter((each) => each.channel === channel && each.root === root),
    /** The next thing that is said is not taken. */
    refuseNext(): void {
      refusesNext = true;
    },
    loseNextAnswer(): void {
      losesNext = true;
    },
    /** Somebody types a line or presses a button; resolves when the bot has done with it. */
    act: async (event: TinyEvent) => listener?.(event),
  };
}
