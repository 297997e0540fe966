import { terminalFlagGroups } from '../adapters/terminal/flags.ts';
import { GROUPS, OTHERS } from '../commands/groups.ts';
import { COMMANDS } from '../commands/index.ts';
import { PLACE_FLAGS } from '../src/cli/place.ts';
import {
  type Flags,
  flagText,
  type Subcommand,
  takenBy,
  usageOf,
  type Value,
} from '../src/cli/subcommand.ts';
import { SUBCOMMANDS } from '../src/cli/subcommands.ts';
import { capital } from '../src/core/capital.ts';
import type { Command } from '../src/core/command.ts';
import type { Action } from '../src/core/command-declaration.ts';
import { DEFAULT_MAX_LENGTH, type OptionSpec } from '../src/core/options.ts';
import { usage } from '../src/core/usage.ts';
import { type Cell, code, codeBlock, table } from './markdown.ts';

/** docs/commands.md: every command of the chat and every subcommand of the terminal, from what they declare. */
export function commandsPage(): string {
  return [
    '# Commands',
    'Made from the declarations of the commands by `npm run reference`; a test holds it to them.',
    [
      'In the chat a command stands behind `/xax`, and completes as it is typed; in the terminal behind `xaxbot`.',
      'An option is written `name=value`, in the terminal also `--name value`; what stands first in the usage needs no name. Text of several words stands in double quotes.',
      "`JOB` is `job-0000007`, `7`, `last` (the newest; for what reads a run the last one that started), `running`, or an experiment of the session that has a job; with several queues also `gpu-02/7`. In a job's thread it may be left out.",
    ].join('\n'),
    table(['', 'command', 'what it does'], [...GROUPS, OTHERS].flatMap(groupRows)),
    ...[...GROUPS, OTHERS].flatMap(groupSection),
    '## In the terminal alone',
    table(['flag', 'of every command and subcommand'], flagRows(PLACE_FLAGS)),
    ...terminalFlagGroups().map(({ takers, flags }) =>
      table(['flag', `${takers} takes it`], flagRows(flags)),
    ),
    ...SUBCOMMANDS.flatMap(subcommandSection),
  ]
    .join('\n\n')
    .concat('\n');
}

const inGroup = (group: string) => COMMANDS.filter((command) => (command.group ?? OTHERS) === group);

function groupRows(group: string): Cell[][] {
  return inGroup(group).map(({ name, summary }, index) => [
    index === 0 ? `**${group}**` : '',
    `[\`${name}\`](#${name})`,
    `${summary}.`,
  ]);
}

function groupSection(group: string): string[] {
  const commands = inGroup(group);
  return commands.length === 0 ? [] : [`## ${group}`, ...commands.flatMap(commandSection)];
}

function commandSection(command: Command): string[] {
  const options = Object.entries(command.options);
  const actions = Object.entries(command.actions ?? {});
  return [
    `### ${command.name}`,
    `${command.summary}. ${whoMay(command)}`,
    codeBlock('usage', [usage(command)]),
    ...(options.length === 0
      ? []
      : [
          table(
            ['option', 'value', 'meaning'],
            options.map(([name, spec]): Cell[] => [
              `${code(name)}${spec.required ? ', required' : ''}`,
              accepted(spec),
              spec.description,
            ]),
          ),
        ]),
    ...(actions.length === 0
      ? []
      : [
          table(
            ['action', 'what it does', 'takes', 'who may'],
            actions.map(([name, action]) => actionRow(command, name, action)),
          ),
        ]),
    ...(command.exitCodes ? [table(['the terminal exits with', 'when'], command.exitCodes)] : []),
    ...(command.examples.every((example) => example === usage(command))
      ? []
      : [codeBlock('chat', command.examples)]),
  ];
}

function actionRow(command: Command, name: string, { summary, takes, role }: Action): Cell[] {
  return [code(name), summary, takes.map(code).join(', '), role ?? command.role ?? 'everybody'];
}

/** Who may give a command, and what it asks. */
function whoMay({ role, own, confirm, agents, changes, visibility }: Command): string {
  const others =
    own === undefined
      ? ''
      : `; ${own === 'anybody' ? 'everybody with a role' : 'members who run jobs of their own'}, for these`;
  const who = role === null ? 'Everybody may' : `Role: ${role}${others}`;
  const isProposed = changes && (role === 'operator' || role === 'admin');
  const ofAgents =
    agents === 'never'
      ? 'not for agents'
      : agents === 'directly'
        ? 'agents do it directly'
        : isProposed
          ? 'agents propose it'
          : '';
  const parts = [
    who,
    ...(ofAgents === '' ? [] : [ofAgents]),
    ...(confirm ? ['may ask before it acts'] : []),
    ...(visibility === 'private' ? ['the answer is for you alone'] : []),
  ];
  return `${parts.join('; ')}.`;
}

/** What an option takes. */
function accepted(spec: OptionSpec): Cell {
  switch (spec.type) {
    case 'integer':
    case 'number':
      return `${spec.type === 'integer' ? 'whole number' : 'number'}${range(spec)}`;
    case 'text':
      return `text, up to ${spec.maxLength ?? DEFAULT_MAX_LENGTH} characters`;
    case 'boolean':
      return 'yes or no';
    case 'choice':
      return spec.ofQueues ? 'a queue' : spec.choices.map(code).join(', ');
    case 'job':
      return 'JOB';
    case 'jobs':
      return `JOB…, up to ${spec.max}`;
    case 'preset':
      return 'a preset';
    case 'experiment':
      return spec.status === 'planned' ? 'a planned experiment' : 'an experiment';
    case 'tag':
      return 'a metric';
    case 'assignments':
      return code(spec.usage ?? 'key=value…');
  }
}

function range({ min, max }: { min?: number; max?: number }): string {
  if (min !== undefined && max !== undefined) return `, ${min} to ${max}`;
  if (min !== undefined) return `, at least ${min}`;
  return max === undefined ? '' : `, at most ${max}`;
}

function subcommandSection(subcommand: Subcommand): string[] {
  const { name, summary, about = [], actions = {}, examples = [] } = subcommand;
  const { words, flags } = takenBy(subcommand);
  const own = [
    ...wordRows(words),
    ...flagRows(flags),
    ...Object.values(actions).flatMap((each) => [
      ...wordRows(each.words ?? []),
      ...flagRows(each.flags ?? {}),
    ]),
  ];
  const acts = Object.entries(actions).map(([action, { summary: does }]): Cell[] => [
    code(`${name} ${action}`),
    does,
  ]);
  return [
    `### xaxbot ${name}`,
    [`${capital(summary)}.`, ...about].join(' '),
    codeBlock('usage', [usageOf(subcommand)]),
    ...(acts.length === 0 ? [] : [table(['action', 'what it does'], acts)]),
    ...(own.length === 0 ? [] : [table(['takes', 'meaning'], own)]),
    ...(examples.length === 0 ? [] : [codeBlock('sh', examples)]),
  ];
}

const wordRows = (words: readonly Value[]): Cell[][] =>
  words.map(({ name, description }) => [code(name), description]);
const flagRows = (flags: Flags): Cell[][] =>
  Object.entries(flags).map(([name, flag]) => [code(flagText(name, flag)), flag.description]);
