import type { Person, Rights } from '../core/person.ts';
import type { Destination } from '../core/request.ts';
import type { People } from './people.ts';
import type { KnownGroup } from './role-in.ts';

/** What somebody was allowed as they asked for what is done later; plain JSON. */
interface Kept extends Pick<Person, keyof Rights | 'on' | 'elsewhere'> {
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
    channels: readonly { adapter: string; id: string; members: unknown; roles?: unknown }[];
  };
  people: Pick<People, 'byId'>;
}) {
  function said(id: string, { adapter, channel }: Destination): string {
    const { groups = [], channels } = deps.settings();
    const given = groups.map(({ role, roles, identities }) => [
      role,
      roles ?? null,
      identities[adapter] ?? null,
    ]);
    const place = channels.find((each) => each.adapter === adapter && each.id === channel);
    const person = deps.people.byId(id);
    const own = [person?.role ?? null, person?.on ?? null];
    return JSON.stringify([...own, given, place?.members ?? null, place?.roles ?? null]);
  }

  return {
    keep({ id, name, role, mayRunOwn, on, elsewhere }: Person, { adapter, channel }: Destination) {
      const at = { adapter, channel };
      const may = {
        role,
        ...(mayRunOwn ? { mayRunOwn } : {}),
        ...(on ? { on } : {}),
        ...(elsewhere ? { elsewhere } : {}),
      };
      const rights: Kept = { ...may, at, said: said(id, at) };
      return { id, name, rights: rights as unknown };
    },

    /** As they are now: without a role where nobody knows that they still have one. */
    now({ id, name, rights }: { id: string; name: string; rights: unknown }): Person {
      const { at, said: before, ...may } = rights as Kept;
      if (said(id, at) === before) return { id, name, ...may };
      return deps.people.byId(id) ?? { id, name, role: null };
    },
  };
}
