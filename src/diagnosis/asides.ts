import type { Chain } from './chains.ts';
import { isTrackersFile } from './trackers.ts';

/** What Python and its libraries print above a traceback that ends nothing. */
const IGNORED =
  /Exception ignored (in|on|while)\b|--- Logging error\b|atexit( callback|\._run)|Error in sys\.excepthook|Exception in Tkinter|exception was never retrieved|Exception in callback|exception calling callback/i;
/** Above one that ended a thread: the process goes on, and may give up because of it. */
const IN_THREAD = /Exception in thread\b/i;
/** Threads that only tell of the run, by their names; a run does without them. */
const BESIDE =
  /Exception in thread .{0,80}(upload|monitor|watch|log|report|heartbeat|sync|telemetry|metric)/i;
/** Functions that run when an object or the interpreter goes down. */
const EXIT_FUNCTIONS = /^(__del__|_run_exitfuncs|_shutdown_workers|__exit_handler|_exit_function)$/;
/** A handler of a logger that could not write a record prints its own traceback, which begins there. */
const HANDLERS = /[\\/](logging[\\/](__init__|handlers)|loguru[\\/]_\w+|rich[\\/]logging)\.py$/;
const HANDLING = /^(emit|handle|format|flush|write|_queued_writer|_worker)$/;
/** Lines above a traceback in which it stands, an object's long name between them. */
const ABOVE = 3;
const PREFIX_MAX = 400;

/** Whether a line says that the traceback below it ended nothing. */
export const saysAside = (line: string): boolean => IGNORED.test(line) || IN_THREAD.test(line);

/** Whether a chain is of a destructor, an exit handler or of logging itself, or of a thread that tells nothing of the run. */
export function isAside(chain: Chain, lines: readonly string[]): boolean {
  const { frames } = chain.exceptions.at(-1)!;
  const [first] = chain.exceptions[0]!.frames;
  return (
    isBelow(IGNORED, chain, lines) ||
    isBelow(BESIDE, chain, lines) ||
    frames.some((frame) => EXIT_FUNCTIONS.test(frame.function)) ||
    (first !== undefined && HANDLERS.test(first.file) && HANDLING.test(first.function)) ||
    (isThreads(chain, lines) && frames.some(({ file }) => isTrackersFile(file)))
  );
}

/** Whether it ended a thread of the process. */
export const isThreads = (chain: Chain, lines: readonly string[]): boolean =>
  isBelow(IN_THREAD, chain, lines);

function isBelow(what: RegExp, { exceptions }: Chain, lines: readonly string[]): boolean {
  const { start, margin } = exceptions[0]!;
  const above = [...lines.slice(Math.max(0, start - ABOVE), start), lines[start]!.slice(0, PREFIX_MAX)];
  return above.filter((line) => margin.strip(line) !== '').some((line) => what.test(line));
}
