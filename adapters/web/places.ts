import { DIRECT } from '../../src/core/adapter.ts';
import type { ChatStore } from '../../src/core/chat-store.ts';
import { clip } from '../../src/core/clip.ts';
import type { Person } from '../../src/core/person.ts';
import type { MessageRef } from '../../src/core/request.ts';
import { refusal } from './guard.ts';

export interface WebChannel {
  id: string;
  title: string;
  description: string;
}

/** The channels that somebody sees, and the threads in them; what is not theirs is refused. */
export function createPlaces(channels: () => readonly WebChannel[], store: Pick<ChatStore, 'byId'>) {
  /** Everybody's channels, and the one in which the bot talks to this person alone. */
  const channelsOf = ({ id }: Person): WebChannel[] => [
    ...channels(),
    { id: `${DIRECT}${id}`, title: 'Only you', description: 'Messages from xaxbot to you only' },
  ];
  const inChannel = (id: string | undefined, person: Person) => {
    const channel = channelsOf(person).find((each) => each.id === id);
    if (channel) return channel.id;
    throw refusal(
      404,
      'unknown-channel',
      `There is no channel "${clip(String(id), 60)}".`,
      `The channels are: ${channels()
        .map((each) => each.id)
        .join(', ')}.`,
    );
  };
  const root = (id: number | null, channel: string): MessageRef | undefined => {
    if (id === null) return undefined;
    const message = store.byId(id);
    if (message?.channel === channel && message.thread === null) return { channel, id: String(id) };
    throw refusal(404, 'unknown-thread', 'That thread does not exist.', 'Reload the page.');
  };
  return { channelsOf, inChannel, root };
}

export type Places = ReturnType<typeof createPlaces>;
