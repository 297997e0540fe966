import { isCleaning, ownFrame } from './frames.ts';
import type { PythonException } from './traceback.ts';

const LAUNCHER_TYPES: readonly string[] = ['ChildFailedError', 'SignalException'];
const LAUNCHER_FILES =
  /\/(accelerate\/commands|torch\/distributed\/(run|launch|launcher|elastic)\b|deepspeed\/launcher|horovod\/runner|nbclient|papermill|xax\/(cli|utils\/launcher))/;
/** What is raised where another process has ended, and tells nothing more: that one's own words are the cause. */
const GONE: readonly string[] = [
  'ProcessExitedException',
  'BrokenProcessPool',
  'TerminatedWorkerError',
  'WorkerCrashedError',
  'ActorDiedError',
  'RayActorError',
  'ActorUnavailableError',
  'NodeDiedError',
  'OwnerDiedError',
  'KilledWorker',
  'EngineDeadError',
  'TuneError',
  'TrainingFailedError',
];
/** What may be raised for that, and for reasons of its own. */
const TYPES: readonly string[] = [
  'BrokenPipeError',
  'ConnectionResetError',
  'ConnectionRefusedError',
  'ConnectionAbortedError',
  'CancelledError',
  'CommClosedError',
];
/** What is raised where something was waited for in vain. */
const WAITED: readonly string[] = ['Empty', 'Full', 'TimeoutError', 'Timeout', 'EOFError'];
const WORDS =
  /\bNCCL\b.{0,200}(abort|watchdog|time-?out|communicator|remote process exited)|ncclRemoteError|ncclInternalError.{0,80}(socket|connection)|pair\.cc.{0,80}Connection (reset|closed)|(rank|store|c10d).{0,200}Connection (reset|closed) by|The client has disconnected|Watchdog caught|worker \(pid\(?s?\)? .*exited unexpectedly|another task died|(coordination|distributed) service.{0,80}(error|fail|unavailable|shut)|CUDA_ERROR_DEINITIALIZED|driver shutting down|monitoredBarrier|Socket Timeout|store.{0,40}timed? ?out/i;
/** What a parent says whose thread, worker or rank is gone, and what refers to the cause above. */
const DIED =
  /\b(threads?|workers?|process(es)?|subprocess(es)?|child(ren)?|actors?|tasks?|engines?|servers?|replicas?|ranks?|peers?|nodes?|trials?)\b[^.\n]{0,60}\b(died|dead|crashed|not alive|no longer (alive|running)|(exit|end|terminat|stopp)(s|ed)? (unexpectedly|prematurely|abruptly|abnormally|early)|(was|were|been|got) (killed|terminated)|exit(s|ed)? with|terminated (unexpectedly|abruptly|with (exit|signal))|non-?zero (exit|status|return|code))\b|\b(see|check|look at) (the )?(stack ?trace|traceback|root cause|errors?|exceptions?|logs?|output)s? \(?above/i;
const WORDS_MAX = 2_000;
/** Where a pipe to another process is read or written. */
const PIPE_FILES = /\/multiprocessing\/(connection|managers|resource_sharer|reduction|spawn|forkserver)\.py$/;
const PIPE_TYPES = /^(EOF|FileNotFound|OS|BrokenPipe|Connection\w*)Error$/;
const COMPILERS = /\b(gcc|g\+\+|clang|nvcc|ptxas|ninja)\b/;

/** A program of Python's or a shell's that was run: what it printed is the cause. */
const RAN =
  /\bCalledProcessError: Command .{0,3}[^\s'"]*\b(?:python[\d.]*|torchrun|accelerate|deepspeed|bash|sh)\b/;

/** Whether an exception is a launcher's own, of its child's end. */
export function isLaunchers({ type, frames }: PythonException): boolean {
  if (LAUNCHER_TYPES.includes(type)) return true;
  return ownFrame(frames) === undefined && frames.some(({ file }) => LAUNCHER_FILES.test(file));
}

/** Whether it may follow from another process's end, or from an exception that its own clean-up could not cope with; a compiler's is told with what was to be compiled. */
export function isConsequence(exception: PythonException): boolean {
  const { type, text, frames } = exception;
  if (type === 'CalledProcessError') return !COMPILERS.test(text);
  return TYPES.includes(type) || isEcho(exception) || isCleaning(frames);
}

/** Whether it only waited in vain for something that another thread or process was to bring. */
export const isWaited = ({ type }: PythonException): boolean => WAITED.includes(type);

/** Whether it tells nothing but that another process is gone. */
export function isEcho({ type, text, frames }: PythonException): boolean {
  const words = text.slice(0, WORDS_MAX);
  if (GONE.includes(type) || isGoneSaid(words) || RAN.test(words) || DIED.test(words.split('\n', 1)[0]!))
    return true;
  return PIPE_TYPES.test(type) && PIPE_FILES.test(frames.at(-1)?.file ?? '');
}

/** Whether words, of an exception or of a crash, tell of another process's or a connection's end. */
export const isGoneSaid = (words: string): boolean => WORDS.test(words);
