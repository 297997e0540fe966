import { eventually } from '../../helpers.ts';
import type { Command, Scope } from './commands.ts';
import type { Context } from './context.ts';
import { directChannel } from './people/direct.ts';
import { type MessageView, viewOf } from './people/view.ts';
import type { Seen } from './seen.ts';
import { findMessage, type User } from './world.ts';

export interface ThreadView {
  id: string;
  name: string;
  archived: boolean;
  locked: boolean;
  archiveMinutes: number;
  messages: MessageView[];
}

/** What a test reads of the server; every message oldest first. */
export interface Reading {
  /** A channel's or thread's messages, without ephemeral ones. */
  messages(channelId: string): MessageView[];
  message(id: string): MessageView | null;
  /** The thread of a message. */
  thread(messageId: string): ThreadView | null;
  /** Messages that only this user sees. */
  ephemerals(user: User): MessageView[];
  /** The direct messages between the bot and this user. */
  directMessages(user: User): MessageView[];
  /** The commands as they stand everywhere, or in a guild; without a scope in the first guild. */
  commands(scope?: Scope): Command[];
  /** What a person would see of a message, and what it set off. */
  seen(messageId: string): Seen;
  /** Resolves with what this gives once it is neither null, undefined nor false; throws after `timeoutMs`. */
  eventually<T>(what: string, read: () => T, timeoutMs?: number): Promise<NonNullable<T>>;
}

export function createReading(context: Context): Reading {
  const { world } = context;
  const held = (id: string) => [...(world.channels.get(id)?.messages.values() ?? [])];
  const open = (id: string) =>
    held(id)
      .filter(({ onlyFor }) => onlyFor === null)
      .map(viewOf);
  const reading: Reading = {
    messages: open,
    message(id) {
      const message = findMessage(world, id);
      return message ? viewOf(message) : null;
    },
    thread(messageId) {
      const thread = world.channels.get(messageId);
      if (thread?.kind !== 'thread') return null;
      const { id, name, archived, locked, archiveMinutes } = thread;
      return { id, name, archived, locked, archiveMinutes, messages: open(id) };
    },
    ephemerals: (user) =>
      [...world.channels.keys()]
        .flatMap(held)
        .filter(({ onlyFor }) => onlyFor === user.id)
        .map(viewOf),
    directMessages: (user) => open(directChannel(context, user.id).id),
    commands: (scope = world.guild.id) => structuredClone(context.commands.of(scope)),
    seen(messageId) {
      const message = reading.message(messageId);
      if (!message) throw new Error(`There is no message ${messageId}`);
      return message.seen;
    },
    eventually: (what, read, timeoutMs) => eventually(what, () => read() ?? undefined, timeoutMs),
  };
  return reading;
}
