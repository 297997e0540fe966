import type { OptionSpecs, OptionValues } from './options.ts';
import type { Role } from './person.ts';
import type { QueueCapability } from './queue.ts';

export type Visibility = 'public' | 'private';

/** What a command is, for whoever offers it: lists, forms, flags, completion, tools. */
export interface CommandDeclaration<O extends OptionSpecs = OptionSpecs> {
  name: string;
  /**
   * Other names, of a word or two, in small letters. They are understood wherever the name is, in what was written before
   * too, and offered nowhere.
   */
  aliases?: readonly string[];
  /** The title of its form: two or three words, since Slack cuts at 24 characters. By default its name. */
  title?: string;
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
  /** Whether the answer stands in the channel or is for the asker alone. */
  visibility: Visibility | ((options: OptionValues<O>) => Visibility);
  /** It changes the queue or the database, and is written to the audit before and after. */
  changes: boolean;
  /** Given twice it changes no more than given once, so that its button may be pressed again later. */
  idempotent?: true;
  /**
   * What agents may do beyond what roles say. `directly`: without asking anybody, though it needs more than their
   * role. `never`: they may not even propose it. `partly`: some of what it changes needs an operator, as `run` says, and
   * is proposed. By default they propose what changes something and needs an operator.
   */
  agents?: 'directly' | 'never' | 'partly';
}
