import { pino } from 'pino';
import type { Log } from '../core/log.ts';

/** Field names whose values never reach the log. */
const SECRET_FIELDS = ['token', 'authorization', 'secret', 'password', 'link'];

/** One JSON line a record on stderr, so that stdout stays for answers. */
export function createLog(level: string): Log {
  return pino(settings(level), pino.destination({ dest: 2, sync: true }));
}

/** For a single command: warnings as one line each, without stacks. */
export function createPlainLog(): Log {
  return pino(settings('warn'), {
    write(record: string) {
      const { msg, problem, error, err } = JSON.parse(record) as Record<string, unknown>;
      const why = problem ?? error ?? (err as { message?: unknown } | undefined)?.message;
      process.stderr.write(`xaxbot: ${msg}${typeof why === 'string' ? `: ${why}` : ''}\n`);
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
