import { terminalFlagGroups } from '../adapters/terminal/flags.ts';
import { GROUPS, OTHERS } from '../commands/groups.ts';
import { COMMANDS } from '../commands/index.ts';
import { PLACE_FLAGS } from '../src/cli/place.ts';
import { type Flags, flagText, takenBy, usageOf } from '../src/cli/subcommand.ts';
import { SUBCOMMANDS } from '../src/cli/subcommands.ts';
import { capital } from '../src/core/capital.ts';
import { usage } from '../src/core/usage.ts';
import { experimentLogCommands } from '../src/experiment-log-commands/index.ts';

/** xaxbot(1), in the roff of man(7), of what help and completion are made of. */
export function manualPage(version: string, description: string): string {
  return `${[
    `.TH XAXBOT 1 "" "xaxbot ${version}"`,
    // Ragged on the right: words that cannot be broken would tear gaps.
    '.ad l',
    '.SH NAME',
    "xaxbot \\- an xax training queue in the team's chat",
    '.SH SYNOPSIS',
    ...['SUBCOMMAND', 'COMMAND'].flatMap((word) => ['.B xaxbot', `.RI [ options ]\\ ${word}\\ ...`, '.br']),
    '.SH DESCRIPTION',
    text(description),
    '.SH OPTIONS',
    ...flags({ help: { description: 'what it does, or with a word before it what that does' } }),
    ...flags({ version: { description: 'its version' } }),
    ...flags(PLACE_FLAGS),
    '.SH SUBCOMMANDS',
    ...SUBCOMMANDS.flatMap((subcommand) => {
      const { summary, about = [], actions = {}, examples = [] } = subcommand;
      const { words, flags: own } = takenBy(subcommand);
      return [
        ...entry(usageOf(subcommand), `${capital(summary)}.`),
        ...about.flatMap((paragraph) => ['.IP', text(paragraph)]),
        ...inset([
          ...words.flatMap(({ name, description }) => entry(name, description)),
          ...Object.entries(actions).flatMap(([action, { summary, words = [], flags: more = {} }]) => [
            ...entry(action, summary),
            ...inset([...words.flatMap(({ name, description }) => entry(name, description)), ...flags(more)]),
          ]),
          ...flags(own),
          ...copied(examples),
        ]),
      ];
    }),
    '.SH COMMANDS',
    text(
      'The commands of the chat, through the running bot or without it. An option is written name=value or --name value.',
    ),
    ...terminalFlagGroups().flatMap(({ takers, flags: taken }) => [
      '.PP',
      `${takers} also takes:`,
      ...flags(taken),
    ]),
    ...[...GROUPS, OTHERS].flatMap((group) => {
      const among = COMMANDS.filter((each) => (each.group ?? OTHERS) === group);
      if (among.length === 0) return [];
      return [
        `.SS ${text(group)}`,
        ...among.flatMap((command) => [
          ...entry(usage(command), `${command.summary}.`),
          ...inset([
            ...Object.entries(command.options).flatMap(([name, { description }]) => entry(name, description)),
            ...copied(command.examples.map((line) => `xaxbot ${line}`)),
          ]),
        ]),
      ];
    }),
    ".SS On the experiment log's own files",
    ...experimentLogCommands().flatMap(({ usage, summary }) => entry(usage, `${capital(summary)}.`)),
    '.SH ENVIRONMENT',
    ...Object.entries(PLACE_FLAGS).flatMap(([name, { variable }]) => entry(variable, `as --${name}`)),
    ...entry('XAX_HOME', "the queue's folder, as for xax"),
    ...entry('NO_COLOR', 'prints without colour'),
    text('docs/configuration.md of the package has every variable.'),
    '.SH FILES',
    ...entry('xaxbot.yaml', "the team's settings, where it is started or in ~/.config/xaxbot"),
    ...entry('.env', 'tokens and switches, where it is started'),
    '.SH EXIT STATUS',
    ...entry('0', 'it did what was asked'),
    ...entry('1', 'it did not'),
    ...entry('2', 'it waits for a yes, which --yes gives'),
    ...COMMANDS.flatMap(({ name, exitCodes = [] }) =>
      exitCodes.length === 0
        ? []
        : [`.SS Of ${text(name)}`, ...exitCodes.flatMap(([code, meaning]) => entry(code, meaning))],
    ),
    '.SH SEE ALSO',
    text('The folder docs of the package.'),
  ].join('\n')}\n`;
}

function flags(all: Flags): string[] {
  return Object.entries(all).flatMap(([name, flag]) => entry(flagText(name, flag), flag.description));
}

function entry(term: string, meaning: string): string[] {
  return ['.TP', `\\fB${escaped(term)}\\fR`, text(meaning)];
}

function inset(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['.RS', ...lines, '.RE'];
}

function copied(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['.PP', '.nf', ...lines.map(text), '.fi'];
}

/** A line of text: one that begins with a dot or a quote would be a request. */
function text(words: string): string {
  return escaped(words).replace(/^[.']/, '\\&$&');
}

function escaped(words: string): string {
  return words.replaceAll('\\', '\\e').replaceAll('-', '\\-');
}
