/**
 * A failure that a person can do something about. `message` says what and where, `hint` what to do, in which a command stands
 * in double quotes, as in `"session list" shows them`; both are shown to the person who asked, each command as it is typed there. Anything else that is thrown is a bug and is only logged.
 */
export class BotError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  /** The option that was wrong, for forms that show the words beside it. */
  readonly option: string | undefined;

  constructor(code: string, message: string, hint?: string, option?: string) {
    super(message);
    this.name = 'BotError';
    this.code = code;
    this.hint = hint;
    this.option = option;
  }
}

/** The words of any thrown value, without its stack. */
export function errorText(error: unknown): string {
  if (error instanceof BotError) {
    const { message, hint } = error;
    // Behind a list what to do stands in a line of its own.
    return hint ? `${message}${message.includes('\n') ? '\n' : ' '}${hint}` : message;
  }
  return error instanceof Error ? error.message : String(error);
}
