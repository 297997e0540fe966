import type { AdapterKind } from '../../adapters/kind.ts';
import type { Members, Role } from '../core/person.ts';
import type { Preset } from '../core/preset.ts';
import type { TransitionKind } from '../core/transition.ts';
import { unixName } from './environment.ts';
import type { TeamFile } from './team-file.ts';

/** Somebody of `people:`. */
export interface ConfigPerson {
  id: string;
  name: string;
  role: Role;
  /** Their role on queues where it is another, by the queue's name. */
  roles?: Record<string, Role> | undefined;
  /** Their name on this host, and their accounts by adapter. */
  identities: { unix?: string | undefined; [adapter: string]: string | undefined };
}

/** A group of accounts, and what whoever is in it may do. */
export interface ConfigGroup {
  id: string;
  role: 'viewer' | 'operator' | 'admin';
  /** The same on queues where it is another, by the queue's name. */
  roles?: Record<string, 'viewer' | 'operator' | 'admin'> | undefined;
  /** Its ids by adapter. */
  identities: { [adapter: string]: string | undefined };
}

/** A channel, and who may do what there. */
export interface ConfigChannel {
  adapter: string;
  id: string;
  title: string;
  description: string;
  board: boolean;
  tasks?: string[] | undefined;
  owners?: string[] | undefined;
  queues?: string[] | undefined;
  transitions?: TransitionKind[] | undefined;
  broadcastsEndings: boolean;
  /** What members who are not in `people:` may do; null: only ask for help. `by-room`: what the settings do not say. */
  members: Members | 'by-room';
  /** What they may do on queues where that is something else, by the queue's name. */
  roles?: Record<string, Members> | undefined;
  /** Messages in its cards' threads are saved with the experiments. */
  capturesThreads: boolean;
}

/** What may be launched from chat. */
export function presetsOf({ presets, queues: named }: TeamFile): Preset[] {
  return Object.entries(presets).map(
    ([name, { description, cwd, argv, options, allow_extra, queues, kill_on_nan, retry, runs, slurm }]) => ({
      name,
      description,
      cwd,
      argv,
      options,
      allowExtra: allow_extra,
      // The only queue goes by what the database calls it.
      queues: named && queues,
      killOnNan: kill_on_nan,
      retry,
      slurm,
      runs,
    }),
  );
}

/** Without `people:` there is one person, whoever runs the bot. */
export function peopleOf({ people }: TeamFile, env: NodeJS.ProcessEnv): ConfigPerson[] {
  if (!people) {
    const name = unixName(env);
    return [{ id: name, name, role: 'admin', identities: { unix: name } }];
  }
  return Object.entries(people).map(([id, { name, role, roles, identities }]) => ({
    id,
    name: name ?? id,
    role,
    ...(roles ? { roles } : {}),
    identities,
  }));
}

function membersMay(written: NonNullable<Members> | 'none'): Members {
  return written === 'none' ? null : written;
}

export function groupsOf({ groups = {} }: TeamFile): ConfigGroup[] {
  return Object.entries(groups).map(([id, group]) => ({ id, ...group }));
}

/** Whether the settings say of anybody what they may do. */
export function hasRoles({ people, groups, channels = [] }: TeamFile): boolean {
  return (
    people !== undefined ||
    groups !== undefined ||
    channels.some(({ members, roles }) => members !== undefined || roles !== undefined)
  );
}

/**
 * Without a channel of its own an adapter has its first one, for everything, where it has such a one. Members read where nothing else is said; where
 * nothing is said of anybody, who can come into a channel says what they may do.
 */
export function channelsOf(team: TeamFile, kinds: readonly AdapterKind[]): ConfigChannel[] {
  const { channels = [] } = team;
  const unsaid = hasRoles(team) ? 'viewer' : 'by-room';
  const declared = channels.map(
    ({ platform, title, endings, members, roles, capture_threads, ...rest }): ConfigChannel => ({
      ...rest,
      // The only queue goes by what the database calls it.
      queues: team.queues && rest.queues,
      adapter: platform,
      title: title ?? rest.id,
      broadcastsEndings: endings === 'broadcast',
      members: members === undefined ? unsaid : membersMay(members),
      ...(roles
        ? { roles: Object.fromEntries(Object.entries(roles).map(([queue, may]) => [queue, membersMay(may)])) }
        : {}),
      capturesThreads: capture_threads,
    }),
  );
  const whole = kinds.flatMap(({ name, channels }): ConfigChannel[] =>
    channels?.first && !declared.some(({ adapter }) => adapter === name)
      ? [
          {
            ...channels.first,
            adapter: name,
            board: true,
            broadcastsEndings: false,
            members: null,
            capturesThreads: false,
          },
        ]
      : [],
  );
  return [...whole, ...declared];
}
