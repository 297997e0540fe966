import { terminalFlags } from '../../adapters/terminal/flags.ts';
import { COMMANDS } from '../../commands/index.ts';
import { isPositional, type OptionSpec } from '../core/options.ts';
import { experimentLogCommands } from '../experiment-log-commands/index.ts';
import { PLACE_FLAGS } from './place.ts';
import { type Flags, type Subcommand, takenBy, type Value } from './subcommand.ts';

/** What a shell offers in the place of a value: files, folders, or one of some words; undefined where it knows none. */
export type Values = Value['from'];

/** A word that may stand there. */
export interface Offer {
  text: string;
  description: string;
}

/** `--name`; `values` is absent where it takes none. */
export interface FlagOffer {
  name: string;
  description: string;
  takesValue: boolean;
  values?: Values;
}

/** What may follow some words after `xaxbot`. */
export interface Step {
  /** `` right after the name, else `logs`, `session start`. */
  words: string;
  summary: string;
  offers: readonly Offer[];
  /** Paths are offered too. */
  paths?: 'files' | 'folders';
  flags: readonly FlagOffer[];
}

/** What a value in the usage of a command on the log's own files is completed with. */
const VALUES: Record<string, Values> = { FILE: 'files', DIR: 'folders' };

/** Of every word that begins a command line, what may follow: for completion and the manual, from the declarations. */
export function grammar(subcommands: readonly Subcommand[]): Step[] {
  const own = subcommands.flatMap((each): Step[] => {
    const { name, summary, actions = {} } = each;
    const acts = Object.entries(actions);
    const step = (words: string, said: string, action?: string): Step => {
      const taken = takenBy(each, action);
      const from = taken.words.map((word) => word.from);
      return {
        words,
        summary: said,
        offers: [
          ...(action === undefined ? acts : []).map(([text, { summary }]) => ({
            text,
            description: summary,
          })),
          ...taken.words.flatMap(({ from, description }) =>
            Array.isArray(from) ? from.map((text: string) => ({ text, description })) : [],
          ),
        ],
        paths: from.includes('files') ? 'files' : from.includes('folders') ? 'folders' : undefined,
        flags: flagsOf({ ...taken.flags, ...PLACE_FLAGS }),
      };
    };
    return [
      step(name, summary),
      ...acts.map(([action, { summary }]) => step(`${name} ${action}`, summary, action)),
    ];
  });
  const ofChat = COMMANDS.map((command): Step => {
    const { name, summary, options } = command;
    const entries = Object.entries(options);
    return {
      words: name,
      summary,
      offers: entries.flatMap(([option, spec]) => offersOf(option, spec)),
      flags: [
        ...entries
          .filter(([, { type }]) => type !== 'assignments')
          .map(([option, spec]) => ({
            name: option,
            description: spec.description,
            takesValue: spec.type !== 'boolean',
            values: spec.type === 'choice' ? spec.choices : undefined,
          })),
        ...flagsOf({ ...terminalFlags(command), ...PLACE_FLAGS }),
      ],
    };
  });
  const ofLog = experimentLogCommands().map(
    ({ words, summary, flags }): Step => ({
      words,
      summary,
      offers: [],
      flags: flags.map(({ name, value }) => ({
        name,
        description: value ?? 'on',
        takesValue: value !== undefined,
        values: VALUES[value ?? ''] ?? (value?.includes('|') ? value.split('|') : undefined),
      })),
    }),
  );
  return joined([first([...own, ...ofChat, ...ofLog]), ...own, ...ofChat, ...ofLog]);
}

/** What begins a command line. */
function first(steps: readonly Step[]): Step {
  const offers = steps
    .filter(({ words }) => !words.includes(' '))
    .map(({ words, summary }) => ({ text: words, description: summary }));
  const groups = steps
    .filter(({ words }) => words.includes(' '))
    .map(({ words }) => words.split(' ')[0]!)
    .map((group) => ({ text: group, description: `${group} …` }));
  return {
    words: '',
    summary: '',
    offers: [...offers, ...groups],
    flags: flagsOf({
      help: { description: 'what it does' },
      version: { description: 'its version' },
      ...PLACE_FLAGS,
    }),
  };
}

/** Steps of the same words as one, and of each step's first word what may follow it. */
function joined(steps: readonly Step[]): Step[] {
  const found = new Map<string, Step>();
  for (const step of steps) {
    const known = found.get(step.words);
    found.set(
      step.words,
      known ? { ...known, flags: unlike([...known.flags, ...step.flags], 'name') } : step,
    );
  }
  for (const { words, summary } of steps) {
    const [group, next] = words.split(' ');
    if (next === undefined) continue;
    const known = found.get(group!) ?? { words: group!, summary, offers: [], flags: [] };
    found.set(group!, { ...known, offers: [...known.offers, { text: next, description: summary }] });
  }
  return [...found.values()].map((step) => ({ ...step, offers: unlike(step.offers, 'text') }));
}

function unlike<T, K extends keyof T>(all: readonly T[], key: K): T[] {
  return all.filter((each, index) => all.findIndex((other) => other[key] === each[key]) === index);
}

function flagsOf(flags: Flags): FlagOffer[] {
  return Object.entries(flags).map(([name, { description, value }]) => ({
    name,
    description,
    takesValue: value !== undefined,
    values: value?.from,
  }));
}

/** The words that a shell can offer for an option: choices and names of jobs as they are, else its name. */
function offersOf(name: string, spec: OptionSpec): Offer[] {
  const { description } = spec;
  switch (spec.type) {
    case 'choice':
      return spec.choices.map((choice) => ({
        text: isPositional(spec) ? choice : `${name}=${choice}`,
        description,
      }));
    case 'job':
    case 'jobs':
      return [
        { text: 'last', description: 'the newest job' },
        { text: 'running', description: 'the running job' },
      ];
    case 'boolean':
      return [{ text: name, description }];
    case 'assignments':
      return [];
    default:
      return [{ text: `${name}=`, description }];
  }
}
