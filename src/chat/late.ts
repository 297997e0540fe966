import { randomUUID } from 'node:crypto';
import type { AdapterHandlers, Invocation, Reply } from '../core/adapter.ts';
import type { CommandDeclaration } from '../core/command-declaration.ts';
import type { Message } from '../core/message.ts';
import type { Destination, Requester } from '../core/request.ts';
import { typedWords } from '../core/typed-words.ts';
import type { Outbox } from '../store/outbox.ts';

/**
 * Puts an answer that could not be given where it was asked for among what is to be delivered, so that it is given when the
 * platform takes it, be it after a restart: in the channel if it was for everybody there, else to the asker alone. False
 * where there is neither, as of a terminal that was closed.
 */
export function createLate(deps: {
  outbox: Pick<Outbox, 'addPost' | 'subjectOf'>;
  channels(): Destination[];
  /** Somebody's private channel with the bot; undefined where an adapter has none. */
  directChannel(requester: Requester): string | undefined;
  commands: readonly CommandDeclaration[];
  nameOf: AdapterHandlers['nameOf'];
  typed: AdapterHandlers['typed'];
}) {
  const { outbox } = deps;

  return function late(invocation: Invocation, { message, visibility }: Reply): boolean {
    const { adapter, channel, thread } = invocation;
    const isOurs = deps.channels().some((each) => each.adapter === adapter && each.channel === channel);
    const everybody = visibility === 'public' && isOurs;
    const place = everybody ? channel : deps.directChannel(invocation);
    if (place === undefined) return false;
    const subject = everybody && thread ? (outbox.subjectOf(adapter, thread) ?? null) : null;
    const said: Message = {
      ...message,
      blocks: [
        ...message.blocks,
        { kind: 'text', text: ['The late answer to ', { code: typedWords(invocation, deps) }] },
      ],
    };
    outbox.addPost(`late:${randomUUID()}`, adapter, place, subject, { kind: 'message', message: said });
    return true;
  };
}
