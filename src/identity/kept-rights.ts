import type { Person } from '../core/person.ts';
import type { Destination } from '../core/request.ts';
import type { People } from './people.ts';
import type { KnownGroup } from './role-in.ts';

/** What somebody was allowed as they asked for what is done later; plain JSON. */
interface Kept {
  role: Person['role'];
  mayRunOwn?: true | undefined;
  at: Destination;
  /** What the settings said of them and of where they spoke. */
  said: string;
}

/**
 * Who somebody is when what they asked for is done at last. Somebody of `people:` has that role; what only their platform
 * told, as groups and membership, is not asked for again, and holds while the settings say the same of it as then.
 */
export function createKeptRights(deps: {
  settings(): {
    groups?: readonly KnownGroup[];
    channels: readonly { adapter: string; id: string; members: unknown }[];
  };
  people: Pick<People, 'byId'>;
}) {
  function said(id: string, { adapter, channel }: Destination): string {
    const { groups = [], channels } = deps.settings();
    const given = groups.map(({ role, identities }) => [role, identities[adapter] ?? null]);
    const members = channels.find((each) => each.adapter === adapter && each.id === channel)?.members;
    return JSON.stringify([deps.people.byId(id)?.role ?? null, given, members ?? null]);
  }

  return {
    keep({ id, name, role, mayRunOwn }: Person, { adapter, channel }: Destination) {
      const at = { adapter, channel };
      const rights: Kept = { role, mayRunOwn, at, said: said(id, at) };
      return { id, name, rights: rights as unknown };
    },

    /** As they are now: without a role where nobody knows that they still have one. */
    now({ id, name, rights }: { id: string; name: string; rights: unknown }): Person {
      const { role, mayRunOwn, at, said: before } = rights as Kept;
      if (said(id, at) === before) return { id, name, role, ...(mayRunOwn ? { mayRunOwn } : {}) };
      return deps.people.byId(id) ?? { id, name, role: null };
    },
  };
}
