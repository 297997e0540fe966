import { between, clip } from '../core/clip.ts';
import { SHELL_BASE, signalNumber } from '../core/signals.ts';

/** A line that says who or what ended a process, outside of any exception. */
export interface Kill {
  at: number;
  /** A signal's number; null where the memory of the host ran out. */
  signal: number | null;
  /** Its line, of a long one what stands around the words. */
  line: string;
}

/** The kernel's, a cgroup's, Slurm's, Ray's and Kubernetes' words of a process that was ended for its memory. */
const FOR_MEMORY =
  /Out of memory: Kill(ed)? process|\boom[_-]kill(er)?\b( event|:)|Detected \d+ oom|\bOOM ?Killed\b|oom_reaper|Exceeded (job|step) memory limit|: task \d+: Out Of Memory|killed due to (memory pressure|the node running low on memory)|Memory cgroup out of memory|exceeded memory (limit|allocation)/i;
/** What a launcher says of its child's end, with the signal's number or name. */
const CHILD_ENDED: readonly RegExp[] = [
  /died with <Signals\.SIG\w+: (\d+)>/,
  /\b(?:exit|return) ?(?:code|status)\W{0,4}-(\d{1,2})\b/i,
  /\b(?:exited|terminated|died|failed|ended) with (?:code|status)\W{0,4}-(\d{1,2})\b/i,
  /Signal (\d+) \(SIG\w+\) received by PID/,
  /exited (?:on|with) signal:? (\d+)/,
  /Signal: [\w ]+ \((\d+)\)/,
  /\*\*\* (SIG[A-Z]+) (?:\(@|received by PID)/,
  /was sent (SIG[A-Z]+)/,
  /\b(SIG[A-Z]+)\(-\d+\)/,
  /(?:terminated|killed|ended) (?:by|with) signal:? (\d+|SIG[A-Z]+)/i,
  /got signal: (\d+)/,
  /Received Signals\.(SIG[A-Z]+) death signal/,
  /Caught signal (\d+) \(/,
];
/** A child's exit code as a shell makes it of a signal. */
const SHELL_CODE =
  /\b(?:exit|exited|exits|return|returned|terminated|failed)\b(?: with)?(?: non-zero)?(?: (?:exit|return))?[ -]?(?:code|status)\W{0,4}(13[45679]|143)\b/i;
/** A shell's or Slurm's one word of a child's end, with nothing after it. */
const SHELL_WORDS: readonly { pattern: RegExp; signal: number }[] = [
  { pattern: /(?:^|: *\d* +|: |\] +\d+ )Killed(?:\s{2,}\S.*)?$/i, signal: 9 },
  { pattern: /(?:^|: *\d* +|: |\] +\d+ )Terminated(?:\s{2,}\S.*)?$/, signal: 15 },
];
const CANCELLED = /slurmstepd\S* error: .*(?:CANCELLED AT|DUE TO (?:TIME LIMIT|PREEMPTION|NODE FAILURE))/;
const SIGTERM = 15;
/** Characters of a line that are told. */
const LINE_SHOWN = 140;

/** The last line that says that a process was ended for the host's memory. */
export function memoryKill(lines: readonly string[], after: number): Kill | undefined {
  const at = lines.findLastIndex((line) => FOR_MEMORY.test(line));
  return at > after ? { at, signal: null, line: around(lines[at]!, FOR_MEMORY) } : undefined;
}

/** The child's end that a launcher tells of; the first that the launcher itself did not bring about (by SIGTERM). */
export function childKill(lines: readonly string[], after: number): Kill | undefined {
  const found = lines.flatMap((line, at): Kill[] => {
    const found = at > after ? signalIn(line) : undefined;
    return found === undefined ? [] : [{ at, signal: found.signal, line: around(line, found.pattern) }];
  });
  return found.find(({ signal }) => signal !== SIGTERM) ?? found[0];
}

function signalIn(line: string): { signal: number; pattern: RegExp } | undefined {
  if (CANCELLED.test(line)) return { signal: SIGTERM, pattern: CANCELLED };
  for (const pattern of CHILD_ENDED) {
    const said = pattern.exec(line)?.[1];
    const signal =
      said === undefined ? undefined : /^\d/.test(said) ? Number(said) : signalNumber(said.toUpperCase());
    if (signal !== undefined) return { signal, pattern };
  }
  const code = SHELL_CODE.exec(line)?.[1];
  if (code !== undefined) return { signal: Number(code) - SHELL_BASE, pattern: SHELL_CODE };
  return SHELL_WORDS.find(({ pattern }) => pattern.test(line.trim()));
}

function around(line: string, pattern: RegExp): string {
  const text = line.trim();
  if (text.length <= LINE_SHOWN) return text;
  const found = pattern.exec(text);
  const from = Math.min((found?.index ?? 0) - 20, text.length - LINE_SHOWN);
  return from <= 0 ? clip(text, LINE_SHOWN) : `…${between(text, from, from + LINE_SHOWN)}`;
}
