import { pino } from 'pino';
import { complain, inLine, record } from '../../adapters/terminal/screen.ts';
import { jsonText } from '../core/json.ts';
import type { Log } from '../core/log.ts';
import { type Mask, maskData } from '../core/masked.ts';
import { maskSecrets } from '../core/secrets.ts';

/** One JSON line a record on stderr, so that stdout stays for answers; without secrets, wherever in it they stand. */
export function createLog(level: string, mask: Mask = maskSecrets): Log {
  return pino(settings(level), {
    write: (json: string) => record(`${jsonText(maskData(JSON.parse(json), mask))}\n`),
  });
}

/** For a single command: warnings as one line each, without stacks. */
export function createPlainLog(mask: Mask = maskSecrets): Log {
  return pino(settings('warn'), {
    write(json: string) {
      const { msg, problem, error, err } = JSON.parse(json) as Record<string, unknown>;
      const why = problem ?? error ?? (err as { message?: unknown } | undefined)?.message;
      complain(mask(`xaxbot: ${inLine(`${msg}${typeof why === 'string' ? `: ${why}` : ''}`)}`));
    },
  });
}

function settings(level: string): pino.LoggerOptions {
  return {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  };
}
