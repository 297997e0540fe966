import type { OptionSpecs, OptionValues } from './options.ts';
import type { Role } from './person.ts';
import type { QueueCapability } from './queue.ts';

export type Visibility = 'public' | 'private';

/** What a command, or one of its actions, leaves behind. */
interface Effects {
  /** It changes the queue or the database, and is written to the audit before and after. */
  changes: boolean;
  /** It takes away what cannot be brought back. */
  destroys?: boolean;
  /** To do it again with the same options changes nothing more. */
  repeatable?: boolean;
}

/** One of the things that a command does, where they differ in what they take, change and need. */
export interface Action extends Effects {
  /** A few words that stand behind the names of the command and of the action. */
  summary: string;
  /** The options that it takes, besides the one that names it. */
  takes: readonly string[];
  /** Those that it cannot do without. */
  requires?: readonly string[];
  /** Where it asks for more than the command does. */
  role?: Role;
  /** As of a command, for a form that does this. */
  title?: string;
  submit?: string;
}

/** What a command is, for whoever offers it: lists, forms, flags, completion, tools. */
export interface CommandDeclaration<O extends OptionSpecs = OptionSpecs> extends Effects {
  name: string;
  /**
   * Other names, of a word or two, in small letters. They are understood wherever the name is, in what was written before
   * too, and offered nowhere.
   */
  aliases?: readonly string[];
  /** The title of its form: two or three words, since Slack cuts at 24 characters. By default its name. */
  title?: string;
  /** What the button says that sends its form, as short: what is done. */
  submit?: string;
  /** What it stands under in help. */
  group?: string;
  /** One line for lists and completion. */
  summary: string;
  /** Lines as a person would type them, without the prefix. */
  examples: readonly string[];
  options: O;
  /** What the queue of its job, or any queue, must be able to do; elsewhere it is not offered, and says why not. */
  needs?: QueueCapability;
  /** null: everybody may, strangers too. */
  role: Role | null;
  /**
   * Who may give it, without that role, about jobs that are all their own, or to queue one. `anybody`: whoever has a role
   * where they speak. `members`: who runs jobs of their own there. Not agents.
   */
  own?: 'anybody' | 'members';
  /** Whether the answer stands in the channel or is for the asker alone. */
  visibility: Visibility | ((options: OptionValues<O>) => Visibility);
  /**
   * It makes something new each time: its button does so once. The buttons of other commands may be pressed again later.
   */
  once?: true;
  /**
   * What it does, by name, where that is several things: some of them may only read, or ask for another role. What names
   * one is the option `action`, without which the first is done; or where there is no such option, what else is given.
   */
  actions?: Readonly<Record<string, Action>>;
  /** What it does while it is waited for, where that may take longer than a moment: `Drawing the chart`. */
  working?: string;
  /** An answer may have a chart. */
  draws?: boolean;
  /** What a terminal exits with where that says more than whether it was done: each code, and what it means. */
  exitCodes?: readonly (readonly [code: string, meaning: string])[];
  /**
   * What agents may do beyond what roles say. `directly`: without asking anybody, though it needs more than their
   * role. `never`: they may not even propose it. By default they propose what changes something and needs an operator.
   */
  agents?: 'directly' | 'never';
}
