import { isDeepStrictEqual } from 'node:util';
import { DeliveryError, type Reply } from '../../src/core/adapter.ts';
import type { ChatStore } from '../../src/core/chat-store.ts';
import type { Button, Message } from '../../src/core/message.ts';
import type { Person } from '../../src/core/person.ts';
import type { Edit } from '../../src/core/press.ts';
import type { Streams } from './streams.ts';

/** What a page says of a press: what it was on, by the names that page gives to messages and to answers for one alone. */
export interface PagePress {
  id: string;
  person: Person;
  channel: string;
  thread: number | null;
  /** The button says that its answer stands in place of what it is on. */
  replaces: boolean;
  button: Pick<Button, 'command' | 'options'>;
}

/** An answer to one person, as its page keeps it. */
interface Answered {
  interaction: string;
  channel: string;
  thread: number | null;
}

/** How to edit the answer that one person alone has, on the pages that show it. */
export function editAnswer(streams: Pick<Streams, 'answer'>, person: Person, where: Answered): Edit {
  return async (message) => {
    const reply: Reply = { message, visibility: 'private', ok: true, final: true };
    if (!streams.answer(person.id, { ...where, reply, isEdit: true }))
      throw new DeliveryError('gone', 'no page of theirs is open');
  };
}

/** How to edit a message that everybody reads. */
export function editMessage(
  { store, streams }: { store: Pick<ChatStore, 'update'>; streams: Pick<Streams, 'broadcast'> },
  id: number,
): Edit {
  return async (message) => {
    const updated = store.update(id, message);
    if (!updated) throw new DeliveryError('gone', `the message ${id} does not exist`);
    streams.broadcast([updated]);
  };
}

/** How to edit what was pressed; undefined where its button does not say so. What everybody reads must have that button. */
export function editPressed(
  deps: { store: ChatStore; streams: Streams },
  { id, person, channel, thread, replaces, button }: PagePress,
): Edit | undefined {
  if (!replaces) return undefined;
  const [, kind, name = ''] = /^(answer|message)-(.+)$/.exec(id) ?? [];
  if (kind === 'answer') return editAnswer(deps.streams, person, { interaction: name, channel, thread });
  const message = kind === 'message' ? deps.store.byId(Number(name)) : undefined;
  const isOurs = message?.channel === channel && message.author === null;
  return isOurs && hasButton(message.message, button) ? editMessage(deps, message.id) : undefined;
}

function hasButton({ blocks }: Message, { command, options }: PagePress['button']): boolean {
  return blocks.some(
    (block) =>
      block.kind === 'buttons' &&
      block.buttons.some(
        (each) =>
          each.replaces === true && each.command === command && isDeepStrictEqual(each.options, options),
      ),
  );
}
