import type { CommandDeclaration } from './command-declaration.ts';
import type { JobKey } from './job.ts';
import type { Message, PersonId } from './message.ts';
import type { OptionSpecs } from './options.ts';
import type { Person } from './person.ts';
import type { Edit, Press } from './press.ts';
import type { Destination, MessageRef, Quoted, RequestContext } from './request.ts';

export { DeliveryError, type DeliveryOutcome, isNotTaken } from './delivery-error.ts';

/** Where a message goes: a channel, or the thread below a message in it. */
export interface Target {
  channel: string;
  thread?: MessageRef;
  /** What is said in a thread is shown in its channel too, where the platform has a way for it. */
  alsoInChannel?: boolean;
  /** Where the discussion of a card continues, when the card was sent again and is no longer above it. */
  discussion?: MessageRef;
}

/** What is known of a message that is edited. */
export interface UpdateContext {
  /** The key that it was posted with. */
  key: string;
  /** The thread that it stands in. */
  thread?: MessageRef;
  discussion?: MessageRef;
}

/** What stands before an account's id in the name of the channel in which the bot talks to that account alone. */
export const DIRECT = 'dm:';

/**
 * What an account is to the workspace or server that it speaks in. `guest`: of it, but no full member. `pending`: one who has
 * not been let in by its rules yet. `external`: of another one. `unknown`: the platform did not say.
 */
export type AccountKind = 'member' | 'guest' | 'pending' | 'external' | 'bot' | 'deactivated' | 'unknown';

/** An account on a platform, as its adapter knows it: facts alone, of which the settings make a role. */
export interface Account {
  id: string;
  name: string;
  kind: AccountKind;
  /** Those of the settings' groups that it is in, by the platform's ids. */
  groups: readonly string[];
  /** Their IANA zone, where the platform says it. */
  timezone?: string;
}

/** Where an account speaks, as its adapter knows it. */
export interface Room {
  /** The channel, of a thread the one that it is in; null: with the bot alone. */
  channel: string | null;
  /** Not every member of the workspace or server can come in. False where the platform does not say. */
  isClosed: boolean;
}

/** Why an adapter could not be opened. */
export class OpeningError extends Error {
  /** How long its platform asks to be left alone, milliseconds; 0: it does not. */
  readonly waitMs: number;

  constructor(message: string, waitMs = 0) {
    super(message);
    this.name = 'OpeningError';
    this.waitMs = waitMs;
  }
}

/** Something a person asked for, by whatever adapter: typed text, a button, a form. */
export interface Invocation extends RequestContext {
  /** The message that a shortcut or a reaction was used on. */
  quoted?: Quoted;
  input: /** `words` is what stands after `/xax`. */
    | { kind: 'text'; words: string }
    /** Arguments already split, as a shell does it. */
    | { kind: 'argv'; argv: readonly string[] }
    /** A button, a form or a tool: a command and its options by name, and what is `key=value` if it is known apart. */
    | {
        kind: 'options';
        command: string;
        options: Record<string, string>;
        assignments?: Record<string, string>;
      }
    /** Yes to a question that this person was asked. */
    | { kind: 'confirm'; token: string };
  /** What it came from, where the adapter can tell it from every other. */
  press?: Press | undefined;
  /** A page asks by itself, to show what has changed: nobody may have looked. */
  unseen?: boolean;
  /** The terminal's `--yes`: confirms in the same breath. */
  preconfirmed?: boolean;
}

/** A form, derived from a command's declared options; sending it runs the command. */
export interface Modal {
  title: string;
  /** What sending it does, in a line. */
  description: string;
  command: string;
  submitLabel: string;
  /**
   * What is asked, in that order, each with its label: options, and settings that the preset declares, by `settingField`.
   * It is sent with every field that it showed, an empty one as an empty text.
   */
  fields: OptionSpecs;
  /** Those of the fields that only somebody who wants more is asked for. */
  folded: readonly string[];
  /** Those of the fields on which the others depend: with another value there it is another form. */
  shaping: readonly string[];
  /** What stands in the fields already. */
  values: Record<string, string>;
  /** What goes along without being asked: the job of a button, and what core/form-sent reads the rest by. */
  fixed: Record<string, string>;
  /** The same for people to read. */
  about: { label: string; text: string }[];
  /** Why it was refused, of a form that comes back; `field`: which of the fields was wrong. */
  problem?: { text: string; field: string | undefined } | undefined;
}

/** What an invocation is answered with. A later answer of the same invocation replaces the one before. */
export interface Reply {
  message: Message;
  /** For everybody in the channel, or for the asker alone. */
  visibility: 'public' | 'private';
  ok: boolean;
  /** No more will follow. */
  final: boolean;
  /** Nothing was changed, for a reason that the answer gives. */
  refused?: boolean;
  /** The command's data, for the terminal's `--json`. */
  data?: unknown;
  /** What a terminal exits with, where the command says so. */
  exitCode?: number;
  /** A BotError's code when it failed. */
  errorCode?: string;
  /** The option that was wrong, for forms that say so beside it. */
  errorOption?: string;
  /** Aborted when the process ends: what did not succeed by then is given by the next one, so it is not tried again. */
  ending?: AbortSignal;
}

/**
 * Gives an answer; resolves to how what stands there may be edited once the invocation is over, where the platform does that.
 * Rejects with DeliveryError.
 */
export type GiveReply = (reply: Reply) => Promise<Edit | undefined>;

export interface Completion {
  /** What to put in place of the last word. */
  insert: string;
  label: string;
  description: string;
}

/** How many values `suggest` offers at most; where there are so many, there may be more. */
export const SUGGESTIONS_MAX = 25;

/** What an adapter hands to the rest of the house. */
export interface AdapterHandlers {
  /** Calls `reply` at least once, the last time with `final`. Never rejects. */
  invoke(invocation: Invocation, reply: GiveReply): Promise<void>;
  /** What somebody is answered when what they did could not even be tried. */
  failed(error: unknown, asked: Pick<Destination, 'adapter'> & { account: string }): Reply;
  /** The form for a command with options as far as they are known. */
  form(invocation: Invocation, command: string, options: Record<string, string>): Promise<Modal>;
  complete(request: RequestContext, words: string): Promise<Completion[]>;
  /** Values for one option of a command, for adapters that ask for options one by one; `given` are the others so far. */
  suggest(
    request: RequestContext,
    asked: { command: string; option: string; typed: string; given: Record<string, string> },
  ): Promise<Completion[]>;
  /** Somebody said something in the thread of a card, in a channel whose threads are kept; `person`: who they are there. */
  heard(at: { adapter: string; thread: MessageRef; person: Person }, said: Quoted): void;
  /**
   * Somebody has reacted to a message of ours, said something below it, or opened its thread. `who` is asked only where it is
   * about a job. Never rejects.
   */
  looked(at: { adapter: string; message: MessageRef; who(): Person | Promise<Person> }): Promise<void>;
  /** What somebody said, named as in `Quoted`, now reads otherwise, or was deleted: undefined. A note of it follows. */
  revised(id: string, text: string | undefined): void;
  /** Whether a thread is a job's. */
  isOfJob(thread: { adapter: string; thread: MessageRef }): boolean;
  /** A command line, `session list`, as it is typed at an adapter. */
  typed(adapter: string, line: string): string;
  /** A job as people name it. */
  nameOf(job: JobKey): string;
  /** The command that a question waits to carry out, by the token of its yes; undefined once it is answered. */
  questioned(token: string): { command: string; options: Record<string, string> } | undefined;
  /** The commands, for adapters that declare them to their platform. */
  readonly commands: readonly CommandDeclaration[];
  /** Those of them that somebody may give, for adapters that list them to somebody alone. */
  commandsFor(person: Person): readonly CommandDeclaration[];
}

export type AdapterHealth =
  | { state: 'up'; detail: string /** Epoch milliseconds. */; since?: number }
  | { state: 'off'; detail: string }
  | { state: 'down'; detail: string /** Epoch milliseconds. */; since: number };

/** What stands in an adapter's way, all in one line, since the first of it; undefined where nothing does. */
export function downBy(
  problems: readonly ({ text: string; since: number } | undefined)[],
): AdapterHealth | undefined {
  const found = problems.filter((each) => each !== undefined);
  if (found.length === 0) return undefined;
  return {
    state: 'down',
    detail: found.map(({ text }) => text).join('; '),
    since: Math.min(...found.map(({ since }) => since)),
  };
}

/** A link that lets somebody in once, and the command that makes its address work on another machine, where it needs one. */
export interface EntryLink {
  url: string;
  tunnel: string | null;
}

/** The way into a chat that is served here. */
export interface Entry {
  /** Its address; with the port that was taken, once it is open. */
  url(): string;
  /** The command that makes this address reach it from another machine; null where it does so already. */
  tunnel(): string | null;
  /** A link that works once. Error `unknown-person` for somebody who is not of `people:`. */
  createLink(person: PersonId): string;
}

/** An adapter to a chat platform. `post` and `update` throw DeliveryError and nothing else. */
export interface Adapter {
  readonly name: string;
  /** How somebody is let in by a link, where it serves a chat of its own. */
  readonly entry?: Entry;
  start(handlers: AdapterHandlers): Promise<void>;
  stop(): Promise<void>;
  health(): AdapterHealth;
  /** The settings are others from now on. */
  settingsChanged?(): void;
  /** Whether not every member of the workspace or server can come into a channel, as far as it is known. */
  isClosed?(channel: string): boolean;
  /** Sends once; `key` is stored with the message so that `findByKey` finds it after a doubtful send. */
  post(target: Target, message: Message, key: string): Promise<MessageRef>;
  update(ref: MessageRef, message: Message, context: UpdateContext): Promise<void>;
  /** Takes away a message of ours that can no longer be kept up to date; its thread stays. `thread`: it stands in that. */
  remove?(ref: MessageRef, thread?: MessageRef): Promise<void>;
  /** Makes sure the message has a thread to post into, and returns what to name it by. */
  openThread(ref: MessageRef, title: string): Promise<MessageRef>;
  /** `since`: it cannot have been sent before (epoch ms). */
  findByKey(target: Target, key: string, since: number): Promise<MessageRef | undefined>;
}
