import type { CommandDeclaration } from './command-declaration.ts';
import type { Job, JobKey } from './job.ts';
import type { Message } from './message.ts';
import type { OptionSpecs, OptionValues, RawOptions } from './options.ts';
import type { CommandContext, Services } from './services/context.ts';

/** What somebody is asked before a command that cannot be taken back. Only they can say yes, within ten minutes. */
export interface Confirmation {
  question: Message;
  /** The words on the button that goes ahead. */
  confirmLabel: string;
  /** The options to run with, pinned to what was shown (a job's whole key in place of `last`). */
  options: Record<string, string>;
  /** The one job that it is about, where no option is a job. */
  job?: JobKey;
}

/**
 * A command, declared once for every adapter. `run` returns plain JSON, which the terminal's `--json` prints;
 * `view` makes the message from it.
 */
export interface Command<
  O extends OptionSpecs = OptionSpecs,
  S extends keyof Services = keyof Services,
  D = unknown,
> extends CommandDeclaration<O> {
  /** What it uses of all that there is; nothing else reaches it. None when absent. */
  services?: readonly S[];
  /**
   * The words as somebody else is to decide on them, with everything filled in that could be another thing by then;
   * jobs are named by their whole keys in any case. Does nothing, and throws BotError for what `run` would refuse.
   */
  pin?(
    options: OptionValues<O>,
    context: CommandContext<S>,
    words: RawOptions,
  ): RawOptions | Promise<RawOptions>;
  /**
   * Throws BotError for what `run`, which makes the same checks, would refuse now. Does nothing: it is asked before
   * somebody is asked to decide.
   */
  check?(options: OptionValues<O>, context: CommandContext<S>): void | Promise<void>;
  /**
   * Options that a form need not show, since they would change nothing as things stand; `job`: the one it is about;
   * `given`: what is known of the others.
   */
  useless?(
    job: Job | undefined,
    services: Pick<Services, S>,
    given: Readonly<Record<string, string>>,
  ): readonly string[];
  /** What stands now where a form would change it, by option, for the form to begin with; as `useless`. */
  standing?(
    job: Job | undefined,
    services: Pick<Services, S>,
    given: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string>>;
  /** Asks first; undefined: nothing to ask. */
  confirm?(options: OptionValues<O>, context: CommandContext<S>): Promise<Confirmation | undefined>;
  /** Throws BotError for what a person can mend. */
  run(options: OptionValues<O>, context: CommandContext<S>): Promise<D>;
  view(data: D, context: ViewContext): Message;
  /** Whether it did what was asked: the terminal's exit code. True when absent. */
  succeeded?(data: D): boolean;
  /** What a terminal exits with; by default 0 when it did what was asked, else 1. */
  exitCode?(data: D): number;
  /** What it made, as it is referred to where people's words are not kept: `note 12`. */
  made?(data: D): string;
}

export interface ViewContext {
  now: number;
  /** Nothing is cut to what a platform's message holds: it is read in a terminal, or in a page that scrolls. */
  whole?: boolean;
}

/** Gives a declaration its types; the result fits any list of commands. */
export function defineCommand<
  const O extends OptionSpecs,
  const S extends keyof Services = never,
  D = unknown,
>(command: Command<O, S, D>): Command<OptionSpecs, S> {
  return command as unknown as Command<OptionSpecs, S>;
}
