import { parseArgs } from 'node:util';
import { asGiven } from '../core/as-given.ts';
import { BotError, errorText } from '../core/errors.ts';
import { closest } from '../core/nearest.ts';
import type { Place } from './place.ts';

/** What stands for a value on the command line, and what a shell may complete it with. */
export interface Value {
  /** As usage writes it: `FILE`, `PERSON`. */
  name: string;
  description: string;
  from?: 'files' | 'folders' | readonly string[];
}

/** `--name`, or `--name VALUE`. */
export interface Flag {
  description: string;
  /** One letter for it, behind one dash. */
  short?: string;
  value?: Pick<Value, 'name' | 'from'>;
}

export type Flags = Readonly<Record<string, Flag>>;

type Word = Value & { required?: boolean };

/** What a subcommand, or one of its actions, is told. */
interface Takes {
  /** In their order; all of those that are required stand first. */
  words?: readonly Word[];
  /** By name, without the dashes. */
  flags?: Flags;
}

/** A word after `xaxbot` that is no command of the chat. Help, completion and the man page are made of these. */
export interface Subcommand extends Takes {
  name: string;
  /** One line, in small letters, as in a list. */
  summary: string;
  /** What else help says of it, a paragraph each. */
  about?: readonly string[];
  examples?: readonly string[];
  /** The word behind its name, where it does several things. Its own flags are taken by each of them. */
  actions?: Readonly<Record<string, Takes & { summary: string }>>;
  load(): Promise<(place: Place, given: Given) => Promise<number>>;
}

/** What was given to a subcommand. */
export interface Given {
  /** Of one that has actions. */
  action: string | undefined;
  words: readonly string[];
  /** By name, without the dashes; true for one that takes no value. */
  flags: Readonly<Record<string, string | true>>;
}

/** More flags than these are listed below the line. */
const SHOWN_MAX = 5;

/** `xaxbot restore [FILE]`: how a subcommand, or one of its actions, is written. */
export function usageOf(subcommand: Subcommand, action?: string): string {
  const { words, flags } = takenBy(subcommand, action);
  const actions = action ?? Object.keys(subcommand.actions ?? {}).join('|');
  const parts = [
    ...(actions === '' ? [] : [actions]),
    ...words.map(({ name, required }) => (required ? name : `[${name}]`)),
    ...(Object.keys(flags).length > SHOWN_MAX
      ? ['[FLAGS]']
      : Object.entries(flags).map(([name, flag]) => `[${flagText(name, flag)}]`)),
  ];
  return ['xaxbot', subcommand.name, ...parts].join(' ');
}

/** `--name VALUE`. */
export function flagText(name: string, { value, short }: Flag): string {
  const long = value ? `--${name} ${value.name}` : `--${name}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

/** What a subcommand takes, with an action of it what that takes too. */
export function takenBy(
  { words = [], flags = {}, actions }: Subcommand,
  action?: string,
): { words: readonly Word[]; flags: Flags } {
  const more: Takes = (action !== undefined && actions?.[action]) || {};
  return { words: [...words, ...(more.words ?? [])], flags: { ...flags, ...more.flags } };
}

/** Reads what was given to a subcommand by its declaration. Error `bad-option`. */
export function givenTo(subcommand: Subcommand, args: readonly string[]): Given {
  const { actions } = subcommand;
  const action = actions ? args.find((word) => !word.startsWith('-')) : undefined;
  const known = Object.keys(actions ?? {});
  if (actions && (action === undefined || !known.includes(action)))
    throw refused(
      subcommand,
      undefined,
      action === undefined ? 'What?' : `There is no "${action}".${meant(action, known)}`,
    );
  const { words, flags } = takenBy(subcommand, action);
  const { values, positionals } = parsed(subcommand, action, flags, args);
  const given = actions ? positionals.slice(1) : positionals;
  const missing = words[given.length];
  if (missing?.required) throw refused(subcommand, action, `${missing.name} is missing.`);
  if (given.length > words.length)
    throw refused(subcommand, action, `${asGiven(given[words.length]!)} is not understood.`);
  return { action, words: given, flags: values };
}

function parsed(subcommand: Subcommand, action: string | undefined, flags: Flags, args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value }]) => [
      name,
      { type: value ? ('string' as const) : ('boolean' as const) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { values: values as Record<string, string | true>, positionals };
  } catch (error) {
    const unknown = /^Unknown option '(-[^']*)'/.exec(errorText(error))?.[1];
    const what =
      unknown === undefined
        ? `${errorText(error)}.`
        : `There is no ${unknown}.${meant(
            unknown,
            Object.keys(flags).map((name) => `--${name}`),
          )}`;
    throw refused(subcommand, action, what);
  }
}

function meant(given: string, known: readonly string[]): string {
  const near = closest(given, known);
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

function refused(subcommand: Subcommand, action: string | undefined, what: string): BotError {
  return new BotError('bad-option', what, `Write: ${usageOf(subcommand, action)}.`);
}
