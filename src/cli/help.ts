import { terminalFlagGroups, terminalFlags } from '../../adapters/terminal/flags.ts';
import { sayLines, screenColours, screenSize } from '../../adapters/terminal/screen.ts';
import type { Line as StyledLine } from '../../adapters/terminal/styled.ts';
import { GROUPS, OTHERS } from '../../commands/groups.ts';
import { COMMANDS } from '../../commands/index.ts';
import { capital } from '../core/capital.ts';
import type { CommandDeclaration } from '../core/command-declaration.ts';
import { commandAtStart } from '../core/command-names.ts';
import { BotError } from '../core/errors.ts';
import { closest } from '../core/nearest.ts';
import { shellCommand } from '../core/shell-command.ts';
import { usage } from '../core/usage.ts';
import { experimentLogUsage } from '../experiment-log-commands/index.ts';
import type { HelpAsked } from './help-asked.ts';
import { type Line, type Row, sections } from './layout.ts';
import { createPager } from './pager.ts';
import { PLACE_FLAGS } from './place.ts';
import { flagText, type Subcommand, takenBy, usageOf } from './subcommand.ts';
import { SUBCOMMANDS, subcommandNamed } from './subcommands.ts';
import { namesOfAll } from './unknown.ts';

/** What is printed for no subcommand, and for --help alone; `isWhole`: with a line of every command. */
export function overview({
  isWhole = false,
  width,
}: {
  isWhole?: boolean;
  width?: number | undefined;
} = {}): string {
  const groups = [...GROUPS, OTHERS]
    .map((group) => ({ group, among: COMMANDS.filter((each) => (each.group ?? OTHERS) === group) }))
    .filter(({ among }) => among.length > 0);
  const names = groups.map(({ group, among }): Row => [group, among.map(({ name }) => name).join(', ')]);
  const lists = groups.map(({ group, among }): Line[] => [
    `${group}:`,
    ...among.map(({ name, summary }): Row => [name, summary]),
  ]);
  return sections(
    [
      ["xaxbot: an xax training queue in the team's chat"],
      SUBCOMMANDS.map((each): Row => [usageOf(each), each.summary]),
      [
        ['xaxbot COMMAND …', 'one command, through the running bot or without it'],
        ['xaxbot session start · log sync · log upsert', "on the log's own files, as the monitor's scripts"],
        ['xaxbot report --experiment-name NAME', 'the same (docs/experiment-log.md)'],
      ],
      ['Each takes:', ...rowsOf(PLACE_FLAGS)],
      ...terminalFlagGroups().map(({ takers, flags }) => [`${takers} also takes:`, ...rowsOf(flags)]),
      ...(isWhole ? lists : [['Commands:', ...names]]),
      [
        `${isWhole ? '' : `"${shellCommand('help')}" says a line of each. `}"${shellCommand('help NAME')}" says more of one.`,
      ],
    ],
    width,
  );
}

/** Shows help, page by page where it is longer than the screen; nothing is read or started for it. Error `bad-option`: the words name nothing. */
export async function showHelp(
  { words, isWhole, isPaged }: HelpAsked,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { width } = screenSize();
  const text = words.length > 0 ? topic(words, width) : overview({ isWhole, width });
  const { out } = screenColours(env);
  const lines = text.split('\n').map((line): StyledLine => [{ text: line }]);
  if (!isPaged || !(await createPager(env, out)(lines))) sayLines(lines, out);
}

/** Help on what the words name. Error `bad-option`: they name nothing. */
export function topic(words: readonly string[], width?: number): string {
  const subcommand = subcommandNamed(words[0]);
  if (subcommand) return ofSubcommand(subcommand, width);
  const ofLog = experimentLogUsage(words);
  if (ofLog !== undefined) return `xaxbot ${ofLog}`;
  const named = commandAtStart(words, COMMANDS);
  if (named) return ofCommand(named.command, width);
  const near = closest(words[0] ?? '', namesOfAll());
  throw new BotError(
    'bad-option',
    `There is no "${words[0]}".`,
    `${near === undefined ? '' : `Did you mean ${near}? `}See "${shellCommand('help')}".`,
  );
}

function ofSubcommand(subcommand: Subcommand, width: number | undefined): string {
  const { summary, about = [], actions = {}, examples = [], name } = subcommand;
  const { words, flags } = takenBy(subcommand);
  const acts = Object.entries(actions);
  return sections(
    [
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
    ],
    width,
  );
}

function ofCommand(command: CommandDeclaration, width: number | undefined): string {
  const { summary, role, options, examples, exitCodes = [] } = command;
  return sections(
    [
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
      exitCodes.length === 0 ? [] : ['It exits with:', ...exitCodes],
      listed(
        'Examples:',
        examples.map((line) => `xaxbot ${line}`),
      ),
    ],
    width,
  );
}

function rowsOf(flags: Readonly<Record<string, Parameters<typeof flagText>[1]>>): Row[] {
  return Object.entries(flags).map(([name, flag]): Row => [flagText(name, flag), flag.description]);
}

function listed(title: string, lines: readonly string[]): Line[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line): Row => [line, ''])];
}
