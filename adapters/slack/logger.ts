import type { Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../src/core/log.ts';

/** Tokens of Slack, however they got into a text: xoxb-, xoxp-, xapp- and their kin. */
const TOKEN = /x(?:ox[a-z]|app)-[A-Za-z0-9-]+/g;

/** Bolt's log lines in ours, one level quieter than Bolt means them, without tokens. */
export function boltLogger(log: Log): Logger {
  const line =
    (level: 'debug' | 'info' | 'warn') =>
    (...parts: unknown[]) =>
      log[level](
        {},
        masked(parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ')),
      );
  return {
    debug() {},
    info: line('debug'),
    warn: line('info'),
    error: line('warn'),
    setLevel() {},
    getLevel: () => 'info' as LogLevel,
    setName() {},
  };
}

/** A text without tokens in it. */
export function masked(text: string): string {
  return text.replace(TOKEN, '[token]');
}
