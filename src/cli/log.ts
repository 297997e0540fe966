import { pino } from 'pino';
import { complain, inLine, record } from '../../adapters/terminal/screen.ts';
import type { Log } from '../core/log.ts';

/** Field names whose values never reach the log. */
const SECRET_FIELDS = ['token', 'authorization', 'secret', 'password', 'link'];

/** One JSON line a record on stderr, so that stdout stays for answers. */
export function createLog(level: string): Log {
  return pino(settings(level), { write: record });
}

/** For a single command: warnings as one line each, without stacks. */
export function createPlainLog(): Log {
  return pino(settings('warn'), {
    write(json: string) {
      const { msg, problem, error, err } = JSON.parse(json) as Record<string, unknown>;
      const why = problem ?? error ?? (err as { message?: unknown } | undefined)?.message;
      complain(`xaxbot: ${inLine(`${msg}${typeof why === 'string' ? `: ${why}` : ''}`)}`);
    },
  });
}

function settings(level: string): pino.LoggerOptions {
  return {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`]), censor: '[removed]' },
  };
}
