import { terminalFlags } from '../../adapters/terminal/flags.ts';
import { GROUPS, OTHERS } from '../../commands/groups.ts';
import { COMMANDS } from '../../commands/index.ts';
import type { CommandDeclaration } from '../core/command-declaration.ts';
import { commandAtStart } from '../core/command-names.ts';
import { BotError } from '../core/errors.ts';
import { usage } from '../core/usage.ts';
import { experimentLogUsage } from '../experiment-log-commands/index.ts';
import { type Line, type Row, sections } from './layout.ts';
import { PLACE_FLAGS } from './place.ts';
import { flagText, type Subcommand, takenBy, usageOf } from './subcommand.ts';
import { SUBCOMMANDS, subcommandNamed } from './subcommands.ts';

/** What is printed for no subcommand, and for --help alone. */
export function overview(): string {
  return sections([
    ["xaxbot: an xax training queue in the team's chat"],
    SUBCOMMANDS.map((each): Row => [usageOf(each), each.summary]),
    [
      ['xaxbot COMMAND …', 'one command, through the running bot or without it'],
      ['xaxbot session start · log sync · log upsert', "on the log's own files, as the monitor's scripts"],
      ['xaxbot report --experiment-name NAME', 'the same (docs/experiment-log.md)'],
    ],
    ['Each takes:', ...rowsOf(PLACE_FLAGS)],
    ['Each COMMAND also takes:', ...rowsOf(terminalFlags(undefined))],
    [
      'Commands:',
      ...[...GROUPS, OTHERS].flatMap((group): Row[] => {
        const names = COMMANDS.filter((each) => (each.group ?? OTHERS) === group).map(({ name }) => name);
        return names.length === 0 ? [] : [[group, names.join(', ')]];
      }),
    ],
    ['"xaxbot SUBCOMMAND --help" or "xaxbot COMMAND --help" says more of one.'],
  ]);
}

/** Help on what the words name. Error `bad-option`: they name nothing. */
export function topic(words: readonly string[]): string {
  const subcommand = subcommandNamed(words[0]);
  if (subcommand) return ofSubcommand(subcommand);
  const ofLog = experimentLogUsage(words);
  if (ofLog !== undefined) return `xaxbot ${ofLog}`;
  const named = commandAtStart(words, COMMANDS);
  if (named) return ofCommand(named.command);
  throw new BotError('bad-option', `There is no "${words[0]}".`, 'See "xaxbot --help".');
}

function ofSubcommand(subcommand: Subcommand): string {
  const { summary, about = [], actions = {}, examples = [], name } = subcommand;
  const { words, flags } = takenBy(subcommand);
  const acts = Object.entries(actions);
  return sections([
    [usageOf(subcommand)],
    [`${capital(summary)}.`],
    ...about.map((paragraph) => [paragraph]),
    words.map((word): Row => [word.name, word.description]),
    acts.map(([action, { summary }]): Row => [`${name} ${action}`, summary]),
    ...acts.flatMap(([action, { words = [], flags = {} }]) => {
      const rows = [...words.map((word): Row => [word.name, word.description]), ...rowsOf(flags)];
      return rows.length === 0 ? [] : [[`${capital(action)} takes:`, ...rows]];
    }),
    rowsOf({ ...flags, ...PLACE_FLAGS }),
    listed('Examples:', examples),
  ]);
}

function ofCommand(command: CommandDeclaration): string {
  const { summary, role, options, examples } = command;
  return sections([
    [`xaxbot ${usage(command)}`],
    [`${summary}.${role === null ? '' : ` Needs the role ${role}.`}`],
    Object.entries(options).map(
      ([name, { description, required }]): Row => [
        name,
        required ? description : `${description} (optional)`,
      ],
    ),
    ['An option is written name=value or --name value.'],
    rowsOf({ ...terminalFlags(command), ...PLACE_FLAGS }),
    listed(
      'Examples:',
      examples.map((line) => `xaxbot ${line}`),
    ),
  ]);
}

function rowsOf(flags: Readonly<Record<string, Parameters<typeof flagText>[1]>>): Row[] {
  return Object.entries(flags).map(([name, flag]): Row => [flagText(name, flag), flag.description]);
}

function listed(title: string, lines: readonly string[]): Line[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line): Row => [line, ''])];
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
