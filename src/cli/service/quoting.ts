import { BotError } from '../../core/errors.ts';

// systemd.syntax(7), systemd.service(5) "COMMAND LINES", systemd.exec(5) "EnvironmentFile".

/** A value that is a whole line of a unit, as a path: only `%` means something there. Error `unusable-path`. */
export function lineValue(text: string): string {
  mustBeOneLine(text);
  return text.replaceAll('%', '%%');
}

/** A path of a line on which `*`, `?` and `[` are patterns. */
export function patternValue(path: string): string {
  return lineValue(path).replace(/[\\*?[]/g, '\\$&');
}

/**
 * The program of a command line, in which no variables are put in. One with quotes or backslashes is refused by systemd, and
 * started by env(1).
 */
export function program(path: string): string {
  return /["'\\]/.test(path) ? `/usr/bin/env ${argument(path)}` : quoted(path);
}

/** A word behind it, in which `$` begins a variable. */
export function argument(word: string): string {
  return quoted(word).replaceAll('$', '$$$$');
}

function quoted(word: string): string {
  const text = lineValue(word);
  return /^[\w./:=-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** A line of an environment file; what is in double quotes there is escaped as in a shell. */
export function variable(name: string, value: string): string {
  return `${name}="${value.replace(/["\\`$]/g, '\\$&')}"`;
}

function mustBeOneLine(text: string): void {
  const isOneLine = /^[^\p{Cc}]+$/u.test(text) && text.trim() === text && !text.endsWith('\\');
  if (isOneLine) return;
  throw new BotError(
    'unusable-path',
    `${JSON.stringify(text)} cannot stand in a unit of systemd.`,
    'Move it to a path without line breaks, without blanks at its ends and without a backslash at its end.',
  );
}
