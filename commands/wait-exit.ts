import { constants } from 'node:os';
import type { Ending } from '../src/core/ending.ts';
import { SHELL_BASE } from '../src/core/signals.ts';
import type { WaitData } from './wait-message.ts';

/** What `wait` exits with for each end of a job (docs/terminal.md); 1 and 2 are for what could not be waited for. */
export const ENDING_CODES: Record<Ending, number> = {
  finished: 0,
  failed: 3,
  cancelled: 4,
  unknown: 5,
  /** Where it is not known by which signal. */
  killed: 6,
};
/** The time that was asked for is over: what timeout(1) exits with. */
const TIMED_OUT = 124;
const NOT_DONE = 1;
/** Codes that mean nothing here: a failed job's own is passed on. From 124 on shells and timeout(1) have theirs. */
const OWN_CODES = { from: 7, to: 123 };

/** The same for people. */
export const WAIT_EXITS: readonly (readonly [code: string, meaning: string])[] = [
  [String(ENDING_CODES.finished), 'the job finished, the proposal was done, or something happened'],
  [String(NOT_DONE), 'it could not be waited for, or the proposal was not done'],
  [
    String(ENDING_CODES.failed),
    `the job failed; where its own exit code lies between ${OWN_CODES.from} and ${OWN_CODES.to}, that one`,
  ],
  [String(ENDING_CODES.cancelled), 'it was cancelled'],
  [String(ENDING_CODES.unknown), 'it ended in a way that nobody knows'],
  [String(ENDING_CODES.killed), 'it was killed, by a signal that nobody knows'],
  [
    `${SHELL_BASE} + N`,
    `signal N ended it: ${SHELL_BASE + constants.signals.SIGTERM} a kill (SIGTERM), ${SHELL_BASE + constants.signals.SIGKILL} one that had to insist (SIGKILL)`,
  ],
  [String(TIMED_OUT), 'it has not ended in the seconds= that were given'],
];

/** What a terminal exits with: how the job ended; where a signal ended it, what a shell exits with of such a process. */
export function waitExitCode(data: WaitData): number {
  switch (data.state) {
    case 'ended':
      if (data.signal !== null) return SHELL_BASE + data.signal;
      return data.how === 'failed' && isOwn(data.returnCode) ? data.returnCode : ENDING_CODES[data.how];
    case 'waiting':
      return data.why === 'slice' ? 0 : data.why === 'time' ? TIMED_OUT : NOT_DONE;
    case 'settled':
      return data.one.state === 'done' ? 0 : NOT_DONE;
    case 'happened':
      return 0;
  }
}

function isOwn(code: number | null): code is number {
  return code !== null && code >= OWN_CODES.from && code <= OWN_CODES.to;
}
