import type { Job } from './job.ts';

const NAMES: Record<number, string> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};
/** Signals that come from outside; Python's own failures end with an exit code. */
const FROM_OUTSIDE: readonly number[] = [1, 2, 3, 9, 15];
/** A shell's exit code for a child that a signal ended: this and the signal's number (POSIX, 2.8.2). */
export const SHELL_BASE = 128;
/** xax's own -1, of a job that it could not run or whose processes an earlier observer left (cli/queue.py of 0.4.9). */
const XAX_NO_CODE = -1;

export const isFromOutside = (signal: number): boolean => FROM_OUTSIDE.includes(signal);
export const signalName = (signal: number): string => NAMES[signal] ?? `signal ${signal}`;

/** A signal's number by its name, with or without SIG; undefined for what is none. */
export function signalNumber(name: string): number | undefined {
  const wanted = name.startsWith('SIG') ? name : `SIG${name}`;
  const found = Object.entries(NAMES).find(([, known]) => known === wanted);
  return found ? Number(found[0]) : undefined;
}

/** The signal that ended a job's process, by its return code (Python's -N, a shell's 128 + N) or xax's words; null for none. */
export function endingSignal({ error, returnCode }: Pick<Job, 'error' | 'returnCode'>): number | null {
  const said = /Terminated by signal (\d+)/.exec(error ?? '')?.[1];
  if (said !== undefined) return Number(said);
  if (returnCode === null) return null;
  if (returnCode < 0 && returnCode !== XAX_NO_CODE) return -returnCode;
  const signal = returnCode - SHELL_BASE;
  return NAMES[signal] === undefined ? null : signal;
}
