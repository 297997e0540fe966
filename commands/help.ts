import { clip } from '../src/core/clip.ts';
import { defineCommand } from '../src/core/command.ts';
import type { CommandDeclaration } from '../src/core/command-declaration.ts';
import type { Typed } from '../src/core/command-line.ts';
import { commandNamed } from '../src/core/command-names.ts';
import { BotError } from '../src/core/errors.ts';
import type { Block, Text } from '../src/core/message.ts';
import { isOffered } from '../src/core/offered.ts';
import { usage } from '../src/core/usage.ts';
import { GROUPS, OTHERS } from './groups.ts';

interface CommandHelp {
  name: string;
  /** As it is typed there. */
  typed: string;
  usage: string;
  group: string;
  summary: string;
  role: string | null;
  options: { name: string; description: string; required: boolean }[];
  examples: readonly string[];
}

export const help = defineCommand({
  name: 'help',
  group: 'You and the chat',
  summary: 'The commands, or one of them in full',
  examples: ['help', 'help queue'],
  options: { command: { type: 'text', rest: true, description: 'which command' } },
  services: ['commands', 'queues'],
  role: null,
  visibility: 'private',
  changes: false,
  async run(
    { command },
    { caller, services },
  ): Promise<{ commands: CommandHelp[]; one: boolean; more: string }> {
    const more = caller.typed('help COMMAND');
    const describe = helpFor(caller.typed);
    if (command === undefined) {
      const mine = services.commands.filter(
        (each) => caller.isOffered(each) && isOffered(each, services.queues, caller.threadJob),
      );
      return { commands: mine.map(describe), one: false, more };
    }
    const found = commandNamed(command, services.commands);
    if (found) return { commands: [describe(found)], one: true, more };
    throw new BotError(
      'unknown-command',
      `There is no command "${clip(command, 60)}".`,
      '"help" lists them all.',
    );
  },
  view({ commands, one, more }) {
    if (!one) {
      const titles = [...new Set([...GROUPS, ...commands.map(({ group }) => group)])];
      const rows = titles.flatMap((title): Text[][] => {
        const among = commands.filter(({ group }) => group === title);
        const lines = among.map(({ typed, summary }): Text[] => [{ code: typed }, `${summary}.`]);
        return lines.length === 0 ? [] : [[{ bold: title }, ''], ...lines];
      });
      return {
        blocks: [
          { kind: 'table', columns: ['command', 'what it does'], rows },
          {
            kind: 'text',
            text: [{ code: more }, ' says what a command takes.'],
          },
          {
            kind: 'text',
            text: "JOB is job-0000007, 7, last, running, or an experiment that has a job; in a job's thread it is optional.",
          },
        ],
      };
    }
    const [command] = commands;
    const blocks: Block[] = [
      { kind: 'heading', text: command!.usage },
      {
        kind: 'text',
        text: `${command!.summary}.${command!.role ? ` Needs the role ${command!.role}.` : ''}`,
      },
    ];
    if (command!.options.length > 0) {
      const fields = command!.options.map(({ name, description, required }) => ({
        name: required ? name : `${name} (optional)`,
        value: description,
      }));
      blocks.push({ kind: 'fields', fields });
    }
    blocks.push({ kind: 'code', text: command!.examples.join('\n') });
    return { blocks };
  },
});

/** What help says of a command to somebody who types it so; in a list its name alone, where it is typed as most are. */
function helpFor(typed: Typed) {
  const usual = typed('help').slice(0, -'help'.length);
  return (command: CommandDeclaration): CommandHelp => {
    const options = Object.entries(command.options).map(([name, { description, required = false }]) => ({
      name,
      description,
      required,
    }));
    const { name, group = OTHERS, summary, role, examples } = command;
    const full = typed(name);
    return {
      name,
      typed: full.startsWith(usual) ? name : full,
      usage: typed(usage(command)),
      group,
      summary,
      role,
      options,
      examples: examples.map(typed),
    };
  };
}
