import { pino } from 'pino';
import { complain, inLine, isWatched, record } from '../../adapters/terminal/screen.ts';
import { clip } from '../core/clip.ts';
import { jsonText } from '../core/json.ts';
import type { Log } from '../core/log.ts';
import { type Mask, maskData } from '../core/masked.ts';
import { maskSecrets } from '../core/secrets.ts';

/** Of a record so much is shown to people, characters. */
const SHOWN = 400;

/**
 * A record a line on stderr, so that stdout stays for answers: JSON, and words for whoever watches it on a terminal. Without secrets,
 * wherever in it they stand.
 */
export function createLog(level: string, mask: Mask = maskSecrets): Log {
  return pino(settings(level), {
    write(json: string) {
      const data = maskData(JSON.parse(json), mask) as Fields;
      if (!isWatched()) return record(`${jsonText(data)}\n`);
      const time = new Date(String(data.time)).toTimeString().slice(0, 'hh:mm:ss'.length);
      complain(`${time} ${clip(`${inWords(data)}${besides(data)}`, SHOWN)}`);
    },
  });
}

/** For a single command: warnings as one line each, without stacks. */
export function createPlainLog(mask: Mask = maskSecrets): Log {
  return pino(settings('warn'), {
    write: (json: string) => complain(mask(`xaxbot: ${inWords(JSON.parse(json))}`)),
  });
}

type Fields = Readonly<Record<string, unknown>>;

/** What happened, and why. */
function inWords({ msg, problem, error, err }: Fields): string {
  const why = problem ?? error ?? (err as { message?: unknown } | undefined)?.message;
  return inLine(`${msg}${typeof why === 'string' ? `: ${why}` : ''}`);
}

/** What a record says beside that: ` (signal SIGTERM)`. */
function besides({ level, time, msg, problem, error, err, ...others }: Fields): string {
  const said = Object.entries(others).flatMap(([name, value]) => {
    const text = [value].flat().filter((each) => typeof each !== 'object');
    return text.length === 0 ? [] : [`${name} ${text.join('; ')}`];
  });
  return said.length === 0 ? '' : inLine(` (${said.join(', ')})`);
}

function settings(level: string): pino.LoggerOptions {
  return {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  };
}
