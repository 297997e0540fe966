import { signalName } from '../core/signals.ts';
import { ADVICE } from './advice.ts';
import { isAfterword } from './afterwords.ts';
import type { Chain } from './chains.ts';
import { isEcho, isGoneSaid } from './consequences.ts';
import type { Crash } from './crashes.ts';
import {
  clipTelling,
  type Diagnosis,
  diagnosis,
  type Failure,
  LINES_SHOWN,
  lastLines,
  linesAround,
} from './diagnosis.ts';
import { errorAbove } from './error-lines.ts';
import { causeOfChain } from './exception-cause.ts';
import { assertionAbove } from './kernel-assertion.ts';
import { childKill, type Kill } from './kills.ts';
import { ofWords } from './last-words.ts';
import { readWords } from './read-words.ts';
import { lastFailure } from './refusals.ts';

/** Of a program's last line so much is told. */
const LAST_WORDS_MAX = 160;
const SIGKILL = 9;

export function ofMemoryKill({ line, at }: Kill, lines: readonly string[]): Diagnosis {
  return diagnosis({
    kind: 'out_of_memory_host',
    text: `the host ran out of memory: ${line}`,
    lines: linesAround(lines, at),
    advice: ADVICE.out_of_memory_host ?? null,
  });
}

export function ofCrash({ at, words }: Crash, failure: Failure, lines: readonly string[]): Diagnosis {
  const read = readWords('', words);
  const above = read.pattern ? undefined : errorAbove(lines, at);
  const assertion = assertionAbove(lines, at);
  const shown = lines.slice(at, at + LINES_SHOWN);
  const told = ofWords(
    '',
    above ?? [words, assertion?.words].filter(Boolean).join(': '),
    above === undefined ? shown : [above, ...shown],
  );
  if (told.kind !== 'python_exception' || read.pattern || above) return told;
  if (isGoneSaid(words)) return ofAnothersEnd(told, failure, lines);
  return { ...told, kind: 'signal', text: clipTelling(`the process crashed: ${told.text}`) };
}

function ofAnothersEnd(told: Diagnosis, failure: Failure, lines: readonly string[]): Diagnosis {
  const { text } = unknown(failure, lines);
  return {
    ...told,
    kind: 'unknown',
    text: clipTelling(`${text}; another process ended first, which led to ${told.text}`),
    advice: null,
  };
}

/** What another process's end brought about: a cause only where its own words say of which kind. */
export function ofConsequence(chain: Chain, failure: Failure, lines: readonly string[]): Diagnosis {
  const told = causeOfChain(chain, lines);
  if (told.kind !== 'python_exception' || !isEcho(chain.exceptions.at(-1)!)) return told;
  return ofAnothersEnd(told, failure, lines);
}

/** An end from outside; a host that ran out of memory may have said so before, and a run that hung was broken before. */
export function ofOuterSignal(
  signal: number,
  ending: Chain | undefined,
  lines: readonly string[],
  advanced: number,
): Diagnosis {
  const told = ofSignal(signal, lines, childKill(lines, advanced));
  if (!ending || !lines.slice(ending.end).every(isAfterword)) return told;
  const before = causeOfChain(ending, lines);
  if (signal === SIGKILL && before.kind === 'out_of_memory_host') return before;
  return { ...told, text: clipTelling(`${told.text}; the last exception before was ${before.text}`) };
}

export function ofSignal(signal: number, lines: readonly string[], kill?: Kill): Diagnosis {
  const said = kill && kill.signal === signal ? `; the log says: ${kill.line}` : '';
  return diagnosis({
    kind: 'signal',
    text: `${endedBy(signal)}${said}`,
    lines: kill ? linesAround(lines, kill.at) : lastLines(lines),
  });
}

function endedBy(signal: number): string {
  const hint = signal === SIGKILL ? '; if nobody did, the host may have run out of memory (dmesg says)' : '';
  return `ended by ${signalName(signal)}${hint}`;
}

/** `rest` are the lines that are not of exceptions which ended nothing. */
export function unknown({ error, returnCode }: Failure, lines: readonly string[], rest = lines): Diagnosis {
  const said = error ?? (returnCode === null ? 'no reason given' : `exit code ${returnCode}`);
  const last = lastFailure(rest);
  return diagnosis({
    kind: 'unknown',
    text: `unknown: ${said}${last === undefined ? '' : `; its last words: ${clipTelling(last, LAST_WORDS_MAX)}`}`,
    lines: lastLines(lines),
  });
}
