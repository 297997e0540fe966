import { pino } from 'pino';

export type Log = pino.Logger;

/** Field names whose values never reach the log. */
const SECRET_FIELDS = ['token', 'authorization', 'secret', 'password', 'link'];

/** One JSON line a record on stderr, so that stdout stays for answers. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`]), censor: '[removed]' },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
