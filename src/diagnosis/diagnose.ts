import {
  ABOUT_GPU,
  ADVICE,
  type CauseKind,
  COMPLAINT,
  CONSEQUENCE,
  ENDED_NOTHING,
  FATAL,
  GOES_ON,
  HANDLED,
  KERNEL_KILLED,
  MODULE_SPEC,
  NAN_STOP,
  NO_GPU,
  OUTER_SIGNALS,
  WORDS,
} from './rules.ts';
import { type Frame, ownFrame, type PythonException, pythonExceptions } from './traceback.ts';

/** What is known of a failed job beside its log. */
export interface Failure {
  /** The job's `error` as xax wrote it. */
  error: string | null;
  returnCode: number | null;
}

export interface Diagnosis {
  kind: CauseKind;
  /** One line. */
  text: string;
  /** The lines of the log that it is based on; of an unknown cause, the last. */
  lines: string[];
  /** What to try; null where there is nothing that helps in general. */
  advice: string | null;
  /** An exception's type, the last frame in the team's own code, and the module or file that is missing. */
  exception: string | null;
  frame: Frame | null;
  name: string | null;
}

/** How many lines are shown. */
const LINES_SHOWN = 12;
/** Words that stand so near the end are the program's last. */
const LAST_WORDS = 6;
/** From so many such lines on, training went on after what is above them. */
const WENT_ON = 3;
/** Lines before a traceback in which the driver's trouble is looked for. */
const BEFORE = 15;
const TEXT_MAX = 240;
/** More of a line tells nothing, and costs. */
const LINE_MAX = 2_000;

/** The words xax writes of a job that ran when its observer was stopped, or that no observer runs (queue.py, queue_state.py of 0.4.9). */
const INTERRUPTED = /^(Recovered (stale|orphaned) running|Queue stopped while job was running)/;
const SIGNAL = /^Terminated by signal (\d+)/;
const SIGNAL_NAMES: Record<string, string> = {
  '1': 'SIGHUP',
  '2': 'SIGINT',
  '6': 'SIGABRT',
  '7': 'SIGBUS',
  '8': 'SIGFPE',
  '9': 'SIGKILL',
  '11': 'SIGSEGV',
  '15': 'SIGTERM',
};

/**
 * The cause of a failed job from the end of its log, plain lines. Only what ended the run counts: an error that was
 * followed by further training, the words in a quoted source line, or a warning do not. `unknown` where it is not sure.
 */
export function diagnose(failure: Failure, log: readonly string[]): Diagnosis {
  const lines = log.map((line) => line.slice(0, LINE_MAX).trimEnd());
  const error = failure.error ?? '';
  if (INTERRUPTED.test(error))
    return made(
      'interruption',
      'interrupted: the queue observer was stopped or restarted while it ran',
      lastOf(lines),
    );
  const signal = SIGNAL.exec(error)?.[1];
  const killed = lines.findLastIndex((line) => KERNEL_KILLED.test(line));
  if (killed >= 0 && !wentOn(lines, killed + 1))
    return made(
      'out_of_memory_host',
      `the host ran out of memory: ${lines[killed]!.trim()}`,
      around(lines, killed),
    );
  const exception = fatalException(lines);
  // A process that was ended from outside says nothing of it; an exception in its log was survived.
  const isEnded = signal !== undefined && OUTER_SIGNALS.includes(signal);
  if (exception && !isEnded) return ofException(exception, lines);
  return ofLastWords(lines) ?? (signal ? ofSignal(signal, lines) : unknown(failure, lines));
}

/** The exception that ended the run: the last that nothing survived, or the one that the last follows from. */
function fatalException(lines: readonly string[]): PythonException | undefined {
  const last = lines.findLast((line) => line.trim() !== '') ?? '';
  const fatal = pythonExceptions(lines).filter(
    ({ type, start, end }) =>
      type !== 'KeyboardInterrupt' &&
      type !== 'SystemExit' &&
      !ENDED_NOTHING.test(lines[start - 1] ?? '') &&
      !wentOn(lines, end) &&
      !isHandled(lines, start, end),
  );
  const found = fatal.at(-1);
  if (!found) return undefined;
  const after = lines.slice(found.end).some((line) => line.trim() !== '');
  if (after && COMPLAINT.test(last.trim())) return undefined;
  if (!CONSEQUENCE.test(found.text)) return found;
  return fatal.find(({ text }) => !CONSEQUENCE.test(text)) ?? found;
}

/** Whether somebody wrote beside it that the program goes on without. */
function isHandled(lines: readonly string[], start: number, end: number): boolean {
  const beside = [...lines.slice(Math.max(0, start - 2), start), ...lines.slice(end, end + 2)];
  return beside.some((line) => HANDLED.test(line) && !ENDED_NOTHING.test(line));
}

function ofException(exception: PythonException, lines: readonly string[]): Diagnosis {
  const { text, type, frames } = exception;
  const frame = ownFrame(frames) ?? null;
  const first = text.split('\n')[0]!.replace(/^(\w+\.)+(?=\w+(:|$))/, '');
  const where = frame
    ? ` (${frame.file.split('/').at(-1)}:${frame.line}${frame.function ? ` in ${frame.function}` : ''})`
    : '';
  const make = (kind: CauseKind, words: string, name: string | null = null): Diagnosis => ({
    ...made(kind, `${clip(words)}${where}`, shownOf(exception, frame, lines)),
    exception: type,
    frame,
    name,
  });
  const missing =
    /^ModuleNotFoundError: No module named '([^']+)'/.exec(first) ??
    /^ImportError: cannot import name '([^']+)'/.exec(first);
  if (missing) return make('missing_module', first, missing[1]);
  // The words of a traceback's own failure decide; what an ordinary mistake quotes does not.
  const quoted = QUOTING.includes(type) && /['"]/.test(first);
  const kind = quoted ? undefined : WORDS.find(({ pattern }) => pattern.test(text))?.kind;
  if (kind) return make(kind, wordsFor(kind, first, text));
  const file =
    /^(?:FileNotFoundError|PermissionError|NotADirectoryError|IsADirectoryError): .*?'([^']+)'/.exec(first);
  if (file) return make('missing_file', first, file[1]);
  const before = lines.slice(Math.max(0, exception.start - BEFORE), exception.start);
  const trouble = before.find((line) => NO_GPU.test(line));
  const asked = [text, ...lines.slice(exception.start, exception.end)].some((line) => ABOUT_GPU.test(line));
  if (trouble && asked) return make('cuda', trouble.replace(/^.*?\] /, '').trim());
  return make('python_exception', first);
}

/** Exceptions that quote what they were given: a name or a key in which any words may stand. */
const QUOTING: readonly string[] = ['ValueError', 'KeyError', 'AttributeError', 'NameError', 'TypeError'];

function wordsFor(kind: CauseKind, first: string, text: string): string {
  if (kind === 'out_of_memory_device') {
    const bytes = /(?:allocate|allocating)\D{0,20}?(\d{5,})(?: ?b(?:ytes)?)?\b/i.exec(text)?.[1];
    const size = bytes
      ? `${(Number(bytes) / 2 ** 30).toPrecision(3)} GiB`
      : /[\d.]+ ?[KMG]i?B/.exec(text)?.[0];
    return `out of device memory${size ? `: ${size} could not be allocated` : ''}`;
  }
  if (kind === 'out_of_memory_host') return `out of host memory: ${first}`;
  if (kind === 'disk_full') return `the disk is full: ${first}`;
  return first;
}

/** What a program says last where no exception ended it. */
function ofLastWords(lines: readonly string[]): Diagnosis | undefined {
  const spoken = lines.flatMap((line, index) => (line.trim() === '' ? [] : [index]));
  const last = spoken.slice(-LAST_WORDS);
  for (const index of last.toReversed()) {
    const line = lines[index]!;
    const spec = MODULE_SPEC.exec(line);
    if (spec) return { ...made('missing_module', clip(line.replace(/^\S+: /, '')), [line]), name: spec[1]! };
    if (NAN_STOP.test(line)) return made('nan', clip(line.trim()), around(lines, index));
  }
  const fatal = lines.findLastIndex((line) => FATAL.test(line));
  if (fatal >= 0 && !wentOn(lines, fatal + 1))
    return made(
      'signal',
      clip(`the process crashed: ${FATAL.exec(lines[fatal]!)![1]}`),
      lines.slice(fatal, fatal + LINES_SHOWN),
    );
  return undefined;
}

function ofSignal(signal: string, lines: readonly string[]): Diagnosis {
  const name = SIGNAL_NAMES[signal] ?? `signal ${signal}`;
  const hint = signal === '9' ? '; if nobody did, the host may have run out of memory (dmesg says)' : '';
  return made('signal', `ended by ${name}${hint}`, lastOf(lines));
}

function unknown({ error, returnCode }: Failure, lines: readonly string[]): Diagnosis {
  const said = error ?? (returnCode === null ? 'no reason given' : `exit code ${returnCode}`);
  return made('unknown', `unknown: ${said}`, lastOf(lines));
}

function made(kind: CauseKind, text: string, lines: readonly string[]): Diagnosis {
  return {
    kind,
    text,
    lines: [...lines],
    advice: ADVICE[kind] ?? null,
    exception: null,
    frame: null,
    name: null,
  };
}

/** Whether training went on after this line. */
function wentOn(lines: readonly string[], from: number): boolean {
  let count = 0;
  for (let index = from; index < lines.length; index += 1) if (GOES_ON.test(lines[index]!.trim())) count += 1;
  return count >= WENT_ON;
}

function lastOf(lines: readonly string[]): string[] {
  return lines.filter((line) => line.trim() !== '').slice(-LINES_SHOWN);
}

function around(lines: readonly string[], index: number): string[] {
  return lines.slice(Math.max(0, index - 3), index + 3).filter((line) => line.trim() !== '');
}

/** The frame in the team's own code, with its source line, and the exception's words. */
function shownOf(
  { start, end, text }: PythonException,
  frame: Frame | null,
  lines: readonly string[],
): string[] {
  const words = text.split('\n').slice(0, LINES_SHOWN - 4);
  const at = frame
    ? lines.slice(start, end).findLastIndex((line) => line.includes(`"${frame.file}", line ${frame.line}`))
    : -1;
  const own = at < 0 ? [] : lines.slice(start + at, start + at + 2);
  return ['Traceback (most recent call last):', ...own, ...words];
}

function clip(text: string): string {
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 1)}…` : text;
}
