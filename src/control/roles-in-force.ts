import type { Config } from '../config/config.ts';
import { membersIn } from '../config/members-in.ts';
import type { Adapter } from '../core/adapter.ts';
import type { Members, Role } from '../core/person.ts';

/** Of so many of one kind the names are said. */
const NAMED = 5;

const ARE: Readonly<Record<Role, readonly [one: string, several: string]>> = {
  admin: ['is admin', 'are admins'],
  operator: ['is operator', 'are operators'],
  agent: ['is an agent', 'are agents'],
  viewer: ['may read', 'may read'],
};

const MEMBERS_MAY: Readonly<Record<NonNullable<Members> | 'none', string>> = {
  operator: 'are operators',
  own: 'may read, and queue and cancel jobs of their own',
  viewer: 'may read',
  none: 'may ask for help',
};

/**
 * Who may do what, as the settings and the platforms have it now, in a line: "Ada is admin; members of Lab may read". Of adapters
 * that are off nothing is said.
 */
export function rolesInForce(
  { people, groups, channels, adapters }: Pick<Config, 'people' | 'groups' | 'channels' | 'adapters'>,
  opened: Iterable<Pick<Adapter, 'name' | 'isClosed'>>,
): string {
  const isOpen = new Map([...opened].map((adapter) => [adapter.name, adapter]));
  const isOn = (name: string) => adapters.get(name)?.settings != null;
  const byQueue = [
    ...people,
    ...groups.filter(({ identities }) => Object.keys(identities).some(isOn)),
  ].flatMap(({ id, roles = {}, ...each }) => {
    const who = 'name' in each ? each.name : `whoever is in ${id}`;
    return Object.entries(roles).map(([queue, role]) => `on ${queue} ${who} ${ARE[role][0]}`);
  });
  const ofPeople = (Object.keys(ARE) as Role[]).flatMap((role) => {
    const names = people.filter((each) => each.role === role).map(({ name }) => name);
    return names.length === 0 ? [] : [`${listed(names)} ${ARE[role][names.length === 1 ? 0 : 1]}`];
  });
  const ofGroups = groups.flatMap(({ id, role, identities }) => {
    const where = Object.keys(identities).filter(isOn);
    const titles = where.map((name) => adapters.get(name)!.kind.title);
    return where.length === 0 ? [] : [`whoever is in ${id} (${titles.join(', ')}) ${ARE[role][0]}`];
  });
  // Who comes by an account may be nobody of people:.
  const withAccounts = channels.filter(
    ({ adapter }) => isOn(adapter) && adapters.get(adapter)!.kind.account !== undefined,
  );
  const byRight = Map.groupBy(withAccounts, ({ adapter, id }) => {
    const isClosed = isOpen.get(adapter)?.isClosed?.(id) === true;
    const here = channels.filter((each) => each.adapter === adapter);
    return MEMBERS_MAY[membersIn({ channel: id, isClosed }, here) ?? 'none'];
  });
  const ofMembers = [...byRight].map(
    ([right, several]) =>
      `other members of ${listed(several.map(({ title, adapter }) => `${title} in ${adapters.get(adapter)!.kind.title}`))} ${right}`,
  );
  const membersByQueue = withAccounts.flatMap(({ title, adapter, roles = {} }) =>
    Object.entries(roles).map(
      ([queue, may]) =>
        `on ${queue} other members of ${title} in ${adapters.get(adapter)!.kind.title} ${MEMBERS_MAY[may ?? 'none']}`,
    ),
  );
  return [...ofPeople, ...ofGroups, ...ofMembers, ...byQueue, ...membersByQueue].join('; ');
}

/** "Ada, Bob and 7 more". */
function listed(names: readonly string[]): string {
  const rest = names.length - NAMED;
  const shown = rest > 1 ? [...names.slice(0, NAMED), `${rest} more`] : names;
  return new Intl.ListFormat('en-GB').format(shown);
}
