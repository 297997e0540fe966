import { endingSignal, isFromOutside } from '../core/signals.ts';
import { type Chain, chainsOf } from './chains.ts';
import { crashIn } from './crashes.ts';
import type { Diagnosis, Failure } from './diagnosis.ts';
import { ofConsequence, ofCrash, ofMemoryKill, ofOuterSignal, ofSignal, unknown } from './endings.ts';
import { causeOfChain } from './exception-cause.ts';
import { childKill, memoryKill } from './kills.ts';
import { lastWords } from './last-words.ts';
import { lastAdvance } from './progress.ts';
import { ofQueue, ofQueueError } from './queue-words.ts';
import { complaint, refusal } from './refusals.ts';
import { reported } from './reported.ts';
import { chainsByRole, type Role } from './roles.ts';
import { runLines } from './run-lines.ts';
import { pythonExceptions } from './traceback.ts';

export type { Diagnosis, Failure } from './diagnosis.ts';

const SIGINT = 2;
/** Exceptions that are no part of how the process itself ended. */
const OTHERS: readonly Role[] = ['aside', 'thread', 'survived', 'overtaken'];

/**
 * The cause of a failed job from the end of its log, plain lines. Only what ended the run counts: the role of each exception
 * is judged first, by its frames and by what stands around it, then how the process ended, and words only then. `unknown`
 * where it is not sure.
 */
export function diagnose(failure: Failure, log: readonly string[]): Diagnosis {
  const lines = runLines(log);
  const interrupted = ofQueue(failure, lines);
  if (interrupted) return interrupted;
  const advanced = lastAdvance(lines);
  const chains = chainsByRole(chainsOf(lines, pythonExceptions(lines)), lines, advanced);
  const ending = chains('ending').at(-1);
  const killed = memoryKill(lines, advanced);
  if (killed && (!ending || ending.end <= killed.at)) return ofMemoryKill(killed, lines);
  const signal = endingSignal(failure);
  // A process that was ended from outside says nothing of it; an exception in its log was survived.
  if (signal !== null && isFromOutside(signal)) return ofOuterSignal(signal, ending, lines, advanced);
  if (ending && !isComplainedAfter(ending, lines)) return causeOfChain(ending, lines);
  const rest = outsideOf(lines, OTHERS.flatMap(chains));
  const crash = crashIn(rest, advanced);
  if (crash) return ofCrash(crash, failure, lines);
  const consequence = chains('consequence')[0];
  const overtaken = chains('overtaken').at(-1);
  // What ended a thread, or a process whose last lines were written late, before what only followed from it.
  const before = ending ? undefined : (chains('thread')[0] ?? (consequence && overtaken));
  const child = childKill(rest, advanced);
  return (
    (child ? ofSignal(child.signal!, lines, child) : undefined) ??
    (before ? causeOfChain(before, lines) : undefined) ??
    (consequence ? ofConsequence(consequence, failure, lines) : undefined) ??
    (ending ? undefined : lastWords(rest, advanced)) ??
    (ending ? undefined : refusal(rest, failure.returnCode)) ??
    (overtaken && !ending ? causeOfChain(overtaken, lines) : undefined) ??
    (ending ? undefined : reported(rest)) ??
    (signal === null ? undefined : ofSignal(signal, lines)) ??
    (chains('stopped').length > 0 && !ending ? ofSignal(SIGINT, lines) : undefined) ??
    ofQueueError(failure, lines, advanced) ??
    unknown(failure, lines, rest)
  );
}

/** The lines that are not of exceptions which ended nothing. */
function outsideOf(lines: readonly string[], chains: readonly Chain[]): string[] {
  const left = [...lines];
  for (const { start, end } of chains) left.fill('', start, end);
  return left;
}

/** Whether the program's last line, below the exception, complains of something else: the exception was handled then. */
function isComplainedAfter({ end }: Chain, lines: readonly string[]): boolean {
  return lines.slice(end).some((line) => line.trim() !== '') && complaint(lines) !== undefined;
}
