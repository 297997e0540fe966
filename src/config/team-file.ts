import { dirname, resolve } from 'node:path';
import type { Document, LineCounter } from 'yaml';
import type { AdapterKind } from '../../adapters/kind.ts';
import { BotError } from '../core/errors.ts';
import type { QueueKind } from '../queue/kind.ts';
import { issueWords, tellIssue } from './issues.ts';
import { NOTHING_STARTED } from './mistakes.ts';
import { type QueueEntry, readQueues } from './queues.ts';
import { teamSchema, type WrittenTeam } from './team-schema.ts';
import { keepWritten } from './written.ts';
import { type Path, readYamlFile, where } from './yaml-file.ts';

/** What xaxbot.yaml says, checked. */
export type TeamFile = Omit<WrittenTeam, 'queues'> & {
  /** undefined: the one that is there. */
  queues: QueueEntry[] | undefined;
};

/** The settings without an xaxbot.yaml. */
export function emptyTeamFile(kinds: readonly AdapterKind[]): TeamFile {
  return { ...teamSchema(kinds).parse({}), queues: undefined };
}

interface Registries {
  kinds: readonly AdapterKind[];
  queueKinds: readonly QueueKind[];
}

/**
 * Reads xaxbot.yaml; folders in it are relative to its own. Error `config`: every
 * problem at once, each with its line, its key and what is accepted.
 */
export function readTeamFile(path: string, registries: Registries): TeamFile {
  const { team, problem } = readUsable(path, registries);
  if (problem) throw problem;
  return team;
}

/** The same of a file that may be broken: what of it can be used, and the error that `readTeamFile` has for the rest. */
export function readUsable(
  path: string,
  { kinds, queueKinds }: Registries,
): { team: TeamFile; problem: BotError | undefined } {
  const schema = teamSchema(kinds);
  const read = readYamlFile(path);
  if (Array.isArray(read)) return { team: emptyTeamFile(kinds), problem: problems(path, read) };
  const { document, lines } = read;
  const written = keepWritten(read.values ?? {}, read.written);
  const result = schema.safeParse(written, { error: issueWords });
  const told = result.error?.issues.flatMap((issue) => tellIssue(schema, issue)) ?? [];
  const right = result.data ?? schema.safeParse(told.reduce(without, written)).data ?? schema.parse({});
  const { queues, problems: ofQueues } = readQueues(right, queueKinds);
  const team = { ...right, queues, presets: inFolder(right.presets, dirname(path)) };
  const placed = ({ path: place, what }: Problem) => `${where(place, document, lines)}: ${what}`;
  const found = result.success
    ? [...ofQueues.map(placed), ...semanticProblems(team, kinds, document, lines)]
    : told.map(placed);
  return { team, problem: found.length > 0 ? problems(path, found) : undefined };
}

interface Problem {
  path: Path;
  what: string;
}

/** What is written without the entry that a problem is in, as one of the presets or of the people. */
function without(written: unknown, { path: [key, entry] }: Problem): unknown {
  if (!isKeyed(written) || key === undefined || !Object.hasOwn(written, key)) return written;
  const { [key]: value, ...others } = written;
  if (entry === undefined || !isKeyed(value)) return others;
  const { [entry]: _, ...entries } = value;
  return { ...others, [key]: entries };
}

function isKeyed(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Presets with the whole path of their folder, which may be given relative to that of the yaml. Whether it is there, and what
 * `~` is, only the host knows that one is launched on.
 */
function inFolder(presets: TeamFile['presets'], folder: string): TeamFile['presets'] {
  return Object.fromEntries(
    Object.entries(presets).map(([id, preset]) => [
      id,
      { ...preset, cwd: preset.cwd.startsWith('~') ? preset.cwd : resolve(folder, preset.cwd) },
    ]),
  );
}

function semanticProblems(
  { channels = [], people, groups }: TeamFile,
  kinds: readonly AdapterKind[],
  document: Document,
  lines: LineCounter,
): string[] {
  const ids = channels.map(({ platform, id }) => `${platform} ${id}`);
  const twice = ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [`${where(['channels', index, 'id'], document, lines)}: the channel ${id} is given twice`],
  );
  const shared = [...sharedAccounts(people ?? {}, kinds), ...sharedGroups(groups ?? {})].map(
    ({ path, what }) => `${where(path, document, lines)}: ${what}`,
  );
  const noAdmin = people && !Object.values(people).some(({ role }) => role === 'admin');
  return [
    ...twice,
    ...shared,
    ...(noAdmin
      ? [
          `${where(['people'], document, lines)}: nobody has the role admin; give it to someone, or leave out people: whoever runs xaxbot is then the admin`,
        ]
      : []),
  ];
}

/** Accounts that two people share, who could then not be told apart. Without a Unix name somebody has their id's. */
function sharedAccounts(
  people: NonNullable<TeamFile['people']>,
  kinds: readonly AdapterKind[],
): { path: string[]; what: string }[] {
  const fields = ['unix', ...kinds.filter(({ account }) => account).map(({ name }) => name)];
  return fields.flatMap((field) => {
    const holders = new Map<string, string>();
    return Object.entries(people).flatMap(([id, { identities }]) => {
      const account = identities[field] ?? (field === 'unix' ? id : undefined);
      if (account === undefined) return [];
      const holder = holders.get(account);
      if (holder !== undefined)
        return [{ path: ['people', id, field], what: `${account} already belongs to ${holder}` }];
      holders.set(account, id);
      return [];
    });
  });
}

/** Groups of a platform that are given two roles. */
function sharedGroups(groups: NonNullable<TeamFile['groups']>): { path: string[]; what: string }[] {
  const holders = new Map<string, string>();
  return Object.entries(groups).flatMap(([id, { identities }]) =>
    Object.entries(identities).flatMap(([adapter, group]) => {
      const key = `${adapter} ${group}`;
      const holder = holders.get(key);
      if (holder !== undefined)
        return [{ path: ['groups', id, adapter], what: `${group} already belongs to ${holder}` }];
      holders.set(key, id);
      return [];
    }),
  );
}

function problems(path: string, found: readonly string[]): BotError {
  const lineOf = (text: string) => Number(/^line (\d+)/.exec(text)?.[1] ?? 0);
  const inOrder = found.toSorted((a, b) => lineOf(a) - lineOf(b));
  return new BotError(
    'config',
    `${path} cannot be used:\n${inOrder.map((each) => `  ${each}`).join('\n')}`,
    NOTHING_STARTED,
  );
}
