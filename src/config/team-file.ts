import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Document, LineCounter } from 'yaml';
import type { AdapterKind } from '../../adapters/kind.ts';
import { BotError } from '../core/errors.ts';
import { expandHome } from '../queue/expand-home.ts';
import type { QueueKind } from '../queue/kind.ts';
import { issueWords, tellIssue } from './issues.ts';
import { NOTHING_STARTED } from './mistakes.ts';
import { type QueueEntry, readQueues } from './queues.ts';
import { teamSchema, type WrittenTeam } from './team-schema.ts';
import { keepWritten } from './written.ts';
import { readYamlFile, where } from './yaml-file.ts';

/** What xaxbot.yaml says, checked. */
export type TeamFile = Omit<WrittenTeam, 'queues'> & {
  /** undefined: the one that is there. */
  queues: QueueEntry[] | undefined;
};

/** The settings without an xaxbot.yaml. */
export function emptyTeamFile(kinds: readonly AdapterKind[]): TeamFile {
  return { ...teamSchema(kinds).parse({}), queues: undefined };
}

/**
 * Reads xaxbot.yaml; folders in it are relative to its own, and `~` is the home of `env`. Error `config`: every
 * problem at once, each with its line, its key and what is accepted.
 */
export function readTeamFile(
  path: string,
  env: NodeJS.ProcessEnv,
  { kinds, queueKinds }: { kinds: readonly AdapterKind[]; queueKinds: readonly QueueKind[] },
): TeamFile {
  const schema = teamSchema(kinds);
  const read = readYamlFile(path);
  if (Array.isArray(read)) throw problems(path, read);
  const { document, lines } = read;
  const result = schema.safeParse(keepWritten(read.values ?? {}, read.written), { error: issueWords });
  if (!result.success) {
    const told = result.error.issues.flatMap((issue) => tellIssue(schema, issue));
    throw problems(
      path,
      told.map(({ path: place, what }) => `${where(place, document, lines)}: ${what}`),
    );
  }
  const { queues, problems: ofQueues } = readQueues(result.data, queueKinds);
  const team = { ...result.data, queues, presets: inFolder(result.data.presets, dirname(path), env) };
  const found = [
    ...ofQueues.map(({ path: place, what }) => `${where(place, document, lines)}: ${what}`),
    ...semanticProblems(team, kinds, document, lines),
  ];
  if (found.length > 0) throw problems(path, found);
  return team;
}

/**
 * Presets with the whole path of their folder, which may be given relative to that of the yaml, and with the homes that
 * a shell would read in the words of their command.
 */
function inFolder(presets: TeamFile['presets'], folder: string, env: NodeJS.ProcessEnv): TeamFile['presets'] {
  return Object.fromEntries(
    Object.entries(presets).map(([id, preset]) => [
      id,
      {
        ...preset,
        cwd: resolve(folder, expandHome(preset.cwd, env)),
        argv: preset.argv.map((word) => expandHome(word, env)),
      },
    ]),
  );
}

function semanticProblems(
  { presets, channels = [], people, groups }: TeamFile,
  kinds: readonly AdapterKind[],
  document: Document,
  lines: LineCounter,
): string[] {
  const missing = Object.entries(presets)
    .filter(([, { cwd }]) => !statSync(cwd, { throwIfNoEntry: false })?.isDirectory())
    .map(
      ([id, { cwd }]) =>
        `${where(['presets', id, 'cwd'], document, lines)}: the folder ${cwd} does not exist`,
    );
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
    ...missing,
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
