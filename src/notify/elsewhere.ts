import { DIRECT } from '../core/adapter.ts';
import type { Adapters } from '../core/adapter-traits.ts';
import type { Message, PersonId } from '../core/message.ts';
import type { Destination } from '../core/request.ts';
import type { Delivery } from '../store/delivery.ts';
import type { Outbox } from '../store/outbox.ts';

const ELSEWHERE = 'elsewhere:';

/** Says what somebody alone was to hear, and cannot be told where they asked for it, where they can be reached otherwise. */
export function createElsewhere(deps: {
  outbox: Pick<Outbox, 'addPost'>;
  /** Those that are on. */
  adapters: Adapters;
  personBy(adapter: string, account: string): { id: PersonId; name: string } | undefined;
  accountOf(person: PersonId, adapter: string): string | undefined;
}) {
  const { outbox, adapters } = deps;

  /** Whose channel it is; undefined for one that is not somebody's alone, or of somebody who is not known. */
  function ownerOf({ adapter, channel }: Destination): { id: PersonId; name: string } | undefined {
    return channel.startsWith(DIRECT) ? deps.personBy(adapter, channel.slice(DIRECT.length)) : undefined;
  }

  /** Another channel that is this person's alone: on a platform if they have an account there, else our own. */
  function otherThan(not: string | null, person: PersonId): Destination | undefined {
    const byAccount = [...adapters.values()]
      .filter(({ name, hasDirectMessages }) => hasDirectMessages && name !== not)
      .toSorted((a, b) => Number(a.isOwn) - Number(b.isOwn));
    for (const { name, isOwn } of byAccount) {
      const account = isOwn ? person : deps.accountOf(person, name);
      if (account !== undefined) return { adapter: name, channel: `${DIRECT}${account}` };
    }
    return undefined;
  }

  return {
    /** A channel that is this person's alone; undefined where they can be reached nowhere. */
    placeOf: (person: PersonId): Destination | undefined => otherThan(null, person),

    nameOf: (place: Destination): string | undefined => ownerOf(place)?.name,

    /** `why`: what stands in the way, and who can mend it how. */
    tell({ adapter, channel, key }: Delivery, message: Message, why: string): void {
      const person = ownerOf({ adapter, channel });
      const place = person && otherThan(adapter, person.id);
      if (!place || key.startsWith(ELSEWHERE)) return;
      const title = adapters.get(adapter)?.title ?? adapter;
      const said: Message = {
        ...message,
        blocks: [...message.blocks, { kind: 'text', text: `This could not be told in ${title}: ${why}.` }],
      };
      const source = { kind: 'message' as const, message: said };
      outbox.addPost(`${ELSEWHERE}${key}`, place.adapter, place.channel, null, source);
    },
  };
}

export type Elsewhere = ReturnType<typeof createElsewhere>;
