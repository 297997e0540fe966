import { hostname } from 'node:os';
import { z } from 'zod';
import { clip } from '../core/clip.ts';
import { BotError, errorText } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { SETTING_NAME, SETTING_NAME_WORDS } from '../core/setting-name.ts';
import { realPath } from '../files/real-path.ts';
import type { ConfiguredQueue, QueueKind, SettingsPlace } from '../queue/kind.ts';
import { issueWords, tellIssue } from './issues.ts';
import type { createMistakes } from './mistakes.ts';
import type { Path } from './yaml-file.ts';

/** Its letters stand in no other part of a job's whole name, `gpu-02/job-0000007@1795446972.1`. */
const name = z.string().regex(SETTING_NAME, SETTING_NAME_WORDS);

/** What every entry of `queues:` has; what else it has is its kind's. */
const ENTRY = {
  name: name.meta({
    description: 'what the queue is called: `NAME/job-0000007` is its job 7; [Queues](#queues)',
    type: 'letters, digits, `.`, `_`, `-`',
  }),
  kind: z.string().optional().meta({ description: 'what it is' }),
};

/** `queues:` as far as every kind shares it. */
export const queuesSchema = z.array(z.looseObject(ENTRY)).min(1);

type Problem = { path: Path; what: string };

/** An entry that is right: its kind, and its settings as the kind's schema gives them. */
export interface QueueEntry {
  name: string;
  kind: QueueKind;
  written: Record<string, unknown>;
}

/** As far as xaxbot.yaml says something of queues. */
interface Written {
  host?: string | undefined;
  queues?: z.output<typeof queuesSchema> | undefined;
  presets: Readonly<Record<string, { queues?: string[] | undefined }>>;
  channels?: readonly ({ queues?: string[] | undefined } & WithRoles)[] | undefined;
  people?: Readonly<Record<string, WithRoles>> | undefined;
  groups?: Readonly<Record<string, WithRoles>> | undefined;
}

interface WithRoles {
  roles?: Readonly<Record<string, string>> | undefined;
}

/** The entries of `queues:`, undefined where there are none, and everything that is wrong with them and with who names them. */
export function readQueues(
  written: Written,
  kinds: readonly QueueKind[],
): { queues: QueueEntry[] | undefined; problems: Problem[] } {
  const { host, queues: entries, presets, channels = [] } = written;
  if (!entries)
    return {
      queues: undefined,
      problems: [...namingProblems([onlyQueue(host ?? hostname(), kinds)]), ...roleProblems(written, null)],
    };
  const queues: QueueEntry[] = [];
  const problems: Problem[] = [];
  for (const [index, entry] of entries.entries()) {
    const isTwice = entries.findIndex((each) => isSameName(each.name, entry.name)) < index;
    if (isTwice)
      problems.push({ path: ['queues', index, 'name'], what: `the queue ${entry.name} is given twice` });
    const found = readEntry(entry, kinds);
    if ('kind' in found) queues.push(found);
    else for (const { path, what } of found) problems.push({ path: ['queues', index, ...path], what });
  }
  // Of a queue that is wrong itself nobody can tell what may name it.
  return {
    queues,
    problems: problems.length > 0 ? problems : [...namingProblems(queues), ...roleProblems(written, queues)],
  };

  function namingProblems(known: readonly QueueEntry[]): Problem[] {
    return [...presetProblems(presets, known), ...channelProblems(channels, known)];
  }
}

function readEntry(
  entry: z.output<typeof queuesSchema>[number],
  kinds: readonly QueueKind[],
): QueueEntry | Problem[] {
  const kind = kinds.find((each) => each.name === (entry.kind ?? kinds[0]!.name));
  if (!kind) return [{ path: ['kind'], what: unknownKind(entry.kind!, kinds) }];
  const schema = kind.schema.extend(ENTRY);
  const result = schema.safeParse(entry, { error: issueWords });
  if (!result.success)
    return result.error.issues
      .flatMap((issue) => tellIssue(schema, issue))
      .map(({ path, what }) => ({ path, what: kind.refuses?.get(`${path[0]}`) ?? what }));
  const { kind: _, ...written } = result.data as Record<string, unknown>;
  return { name: entry.name, kind, written };
}

/** What channels name as their queues and is none. */
function channelProblems(
  channels: NonNullable<Written['channels']>,
  queues: readonly QueueEntry[],
): Problem[] {
  return channels.flatMap(({ queues: wanted = [] }, channel) =>
    wanted.flatMap((each, index): Problem[] =>
      queues.some(({ name }) => name === each)
        ? []
        : [{ path: ['channels', channel, 'queues', index], what: noQueue(each, queues) }],
    ),
  );
}

/** What `roles:` name as queues and is none; null: queues have no names here, so that nothing may be said of one. */
function roleProblems(
  { people = {}, groups = {}, channels = [] }: Written,
  queues: readonly QueueEntry[] | null,
): Problem[] {
  const all = [
    ...Object.entries(people).map(([id, each]) => ({ at: ['people', id], otherwise: 'role', ...each })),
    ...Object.entries(groups).map(([id, each]) => ({ at: ['groups', id], otherwise: 'role', ...each })),
    ...channels.map((each, index) => ({ at: ['channels', index], otherwise: 'members', ...each })),
  ];
  return all.flatMap(({ at, otherwise, roles = {} }): Problem[] =>
    queues
      ? Object.keys(roles)
          .filter((name) => !queues.some((queue) => queue.name === name))
          .map((name) => ({ path: [...at, 'roles', name], what: noQueue(name, queues) }))
      : Object.keys(roles).length > 0
        ? [
            {
              path: [...at, 'roles'],
              what: `there is one queue without queues:, of which ${otherwise} says it`,
            },
          ]
        : [],
  );
}

function noQueue(name: string, queues: readonly QueueEntry[]): string {
  return `there is no queue ${name}; accepted: ${queues.map((queue) => queue.name).join(', ')}`;
}

/** What presets name as their queues and cannot be launched on. */
function presetProblems(presets: Written['presets'], queues: readonly QueueEntry[]): Problem[] {
  return Object.entries(presets).flatMap(([preset, { queues: wanted = [] }]) =>
    wanted.flatMap((each, index): Problem[] => {
      const path = ['presets', preset, 'queues', index];
      const queue = queues.find((one) => one.name === each);
      if (!queue) return [{ path, what: noQueue(each, queues) }];
      if (queue.kind.capabilities.includes('launch')) return [];
      return [{ path, what: `nothing can be queued from here on ${each}, of the kind ${queue.kind.name}` }];
    }),
  );
}

/** The one that is there without `queues:`, under the host's name. */
function onlyQueue(hostLabel: string, kinds: readonly QueueKind[]): QueueEntry {
  return { name: hostLabel.replace(/[^A-Za-z0-9._-]/g, '-'), kind: kinds[0]!, written: {} };
}

/**
 * The queues with their settings, as far as they are right: `attempt` hears what is wrong. Error `config` where two are read
 * from one folder.
 */
export function resolveQueues(
  entries: readonly QueueEntry[] | undefined,
  hostLabel: string,
  deps: {
    kinds: readonly QueueKind[];
    place: SettingsPlace;
    attempt: ReturnType<typeof createMistakes>['attempt'];
  },
): ConfiguredQueue[] {
  const { kinds, place, attempt } = deps;
  const queues = (entries ?? [onlyQueue(hostLabel, kinds)]).flatMap(({ name, kind, written }) => {
    const read = () => [
      {
        ...{ name, kind, settings: kind.settings(written, name, place) },
        ...(entries ? {} : { isUnnamed: true as const }),
      },
    ];
    return attempt(entries ? () => naming(name, read) : read, []);
  });
  mustBeApart(queues);
  return queues;
}

/** Error `config` where two are read from one folder: each of its jobs would be told twice. */
function mustBeApart(queues: readonly ConfiguredQueue[]): void {
  const known = new Map<string, string>();
  for (const { name, kind, settings } of queues) {
    const folder = kind.folder(settings);
    const where = folder === null ? (kind.whereElse?.(settings) ?? null) : realPath(folder);
    if (where === null) continue;
    const other = known.get(where);
    if (other !== undefined)
      throw new BotError(
        'config',
        `The queues ${other} and ${name} are both read from ${folder ?? where}.`,
        'Give each a folder of its own, or leave one out.',
      );
    known.set(where, name);
  }
}

/** `GPU-02` and `gpu-02` could not be told apart by who types them. */
function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Says which queue a mistake is about. */
function naming<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BotError)) throw error;
    throw new BotError('config', `The queue ${name}: ${errorText(error)}`);
  }
}

function unknownKind(kind: string, kinds: readonly QueueKind[]): string {
  const names = kinds.map((each) => each.name);
  const [close] = nearest(kind, names, 1);
  return `there is no kind "${clip(kind, 60)}"; did you mean ${close}? Accepted: ${names.join(', ')}`;
}
