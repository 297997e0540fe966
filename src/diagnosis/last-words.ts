import { ADVICE } from './advice.ts';
import { isAfterword } from './afterwords.ts';
import { type Diagnosis, diagnosis, linesAround } from './diagnosis.ts';
import { isAtErrorLevel, isErrorLine, isHarmless } from './error-lines.ts';
import { exceptionType } from './exception-line.ts';
import { firstWords } from './first-words.ts';
import { readWords, saidOf } from './read-words.ts';
import { FAILING } from './refusals.ts';

/** Words that stand so near the end are the program's last. */
const NEAR_THE_END = 12;
const NOT_ON_PATH =
  'It is not on the PATH of the queue: activate the environment that has it, or give its whole path.';
/** What Python or a shell cannot find to run. */
const CANNOT_RUN: readonly {
  kind: 'missing_module' | 'missing_file';
  pattern: RegExp;
  advice?: string;
}[] = [
  {
    kind: 'missing_module',
    pattern:
      /(Error while finding module specification for '[^']+' \((?:ModuleNotFoundError|ImportError): No module named '([^']+)'\))/,
  },
  { kind: 'missing_module', pattern: /python[\d.]*: (No module named '?([\w.]+)'?)/ },
  {
    kind: 'missing_file',
    pattern: /(?:line \d+|sh): (?:\d+: )?((\S+): (?:command )?not found)$/,
    advice: NOT_ON_PATH,
  },
  { kind: 'missing_file', pattern: /python[\d.]*: (can't open file '([^']+)'.*)/ },
];
/** A program that stops and says why. */
const STOPS = /\b(stop|abort|exit|terminat|quit|halt|end(s|ing)?\b)/i;
/** An exception's words without a traceback above them, alone or behind what a logger writes. */
const BARE_MARK = /(?:Error|Exception): /;
const BARE = /(?:^|[\s\]|>:])((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception): .+)$/;

/** What a program says last where no exception ended it. */
export function lastWords(lines: readonly string[], after: number): Diagnosis | undefined {
  const spoken = lines.flatMap((line, at) => (line.trim() === '' || at <= after ? [] : [at]));
  const last = spoken.slice(-NEAR_THE_END).toReversed();
  const stop = last.find((at) => saysWhyItStops(lines[at]!));
  if (stop !== undefined) return ofWords('', lines[stop]!, linesAround(lines, stop));
  for (const at of last) {
    const found = ofLine(lines, at, at === last[0]);
    if (found) return found;
    // Where the program had something else to say that is no error, what stands above it was not its end.
    if (!isAfterword(lines[at]!) && !isAtErrorLevel(lines[at]!)) return undefined;
  }
  return undefined;
}

function saysWhyItStops(line: string): boolean {
  const { kind } = readWords('', line);
  return STOPS.test(line) && kind !== 'python_exception' && (kind === 'nan' || !isHarmless(line));
}

function ofLine(lines: readonly string[], at: number, isLast: boolean): Diagnosis | undefined {
  const line = lines[at]!;
  for (const { kind, pattern, advice = ADVICE[kind] ?? null } of CANNOT_RUN) {
    const [, text, name] = pattern.exec(line) ?? [];
    if (text !== undefined) return diagnosis({ kind, text, lines: [line], name: name!, advice });
  }
  if (isHarmless(line)) return undefined;
  const bare = BARE_MARK.test(line) ? BARE.exec(line)?.[1] : undefined;
  if (bare !== undefined) return ofWords(exceptionType(bare) ?? '', bare, linesAround(lines, at));
  const isError = isErrorLine(line) || (isLast && FAILING.test(line));
  const isMeant = isError && readWords('', line).pattern !== undefined;
  return isMeant ? ofWords('', line, linesAround(lines, at)) : undefined;
}

/** The words of an exception without its traceback, or of a line that means something. */
export function ofWords(type: string, words: string, lines: readonly string[]): Diagnosis {
  const { kind, advice, name, pattern } = readWords(type, words);
  return diagnosis({
    kind,
    text: saidOf(kind, firstWords(words, pattern)),
    lines: [...lines],
    exception: type || null,
    name,
    advice,
  });
}
