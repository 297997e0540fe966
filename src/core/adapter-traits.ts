import type { CommandDeclaration } from './command-declaration.ts';

/** What the house must know of an adapter to say the right thing there, whether it is open or not. */
export interface AdapterTraits {
  /**
   * Its key everywhere: `platform:` of a channel, the field of a person's account under `people:`, its own section of
   * xaxbot.yaml, and what the database keeps.
   */
  readonly name: string;
  /** What people call it within a sentence: "the web chat". */
  readonly title: string;
  /**
   * Ours rather than a platform's: whoever speaks there is one of `people:` by themselves, so that no account of it is
   * linked; it opens with the bot or the start fails, where a platform is opened in the background and anew when it is
   * lost; and the demo serves it.
   */
  readonly isOwn: boolean;
  /** What stands before a command that is typed there; `offered`: all that are, in their order. */
  commandPrefix(command: string, offered: readonly CommandDeclaration[]): string;
  /** The bot can talk to somebody alone there, unasked. */
  readonly hasDirectMessages: boolean;
  /** What is said in a thread is shown in its channel too, if asked; elsewhere it is said twice. */
  readonly showsThreadsInChannel: boolean;
  /** An answer is shown there as long as it is: what a platform whose messages are short is given as a file stands in it. */
  readonly showsWhole?: true;
}

/** Every adapter of the registry by its name, in their order. What the database keeps may name one that is gone. */
export type Adapters = ReadonlyMap<string, AdapterTraits>;
