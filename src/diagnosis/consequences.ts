import { isCleaning, ownFrame } from './frames.ts';
import type { PythonException } from './traceback.ts';

const LAUNCHER_TYPES: readonly string[] = ['ChildFailedError', 'SignalException'];
const LAUNCHER_FILES =
  /\/(accelerate\/commands|torch\/distributed\/(run|launch|launcher|elastic)\b|deepspeed\/launcher|horovod\/runner|nbclient|papermill|xax\/(cli|utils\/launcher))/;
/** What is raised where another process has ended: that one's own words are the cause. */
const TYPES: readonly string[] = [
  'ProcessExitedException',
  'BrokenPipeError',
  'BrokenProcessPool',
  'TerminatedWorkerError',
  'ConnectionResetError',
  'ConnectionRefusedError',
  'ConnectionAbortedError',
  'WorkerCrashedError',
  'ActorDiedError',
  'RayActorError',
  'CancelledError',
  'TuneError',
  'TrainingFailedError',
];
const WORDS =
  /\bNCCL\b.{0,200}(abort|watchdog|time-?out|communicator|remote process exited)|ncclRemoteError|ncclInternalError.{0,80}(socket|connection)|pair\.cc.{0,80}Connection (reset|closed)|(rank|store|c10d).{0,200}Connection (reset|closed) by|The client has disconnected|Watchdog caught|worker \(pid\(?s?\)? .*exited unexpectedly|another task died|(coordination|distributed) service.{0,80}(error|fail|unavailable|shut)|CUDA_ERROR_DEINITIALIZED|driver shutting down|monitoredBarrier|Socket Timeout|store.{0,40}timed? ?out/i;
const WORDS_MAX = 2_000;
/** Where a pipe to another process is read or written. */
const PIPE_FILES = /\/multiprocessing\/(connection|managers|resource_sharer|reduction|spawn|forkserver)\.py$/;
const PIPE_TYPES = /^(EOF|FileNotFound|OS|BrokenPipe|Connection\w*)Error$/;
const COMPILERS = /\b(gcc|g\+\+|clang|nvcc|ptxas|ninja)\b/;

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

/** Whether it tells nothing but that another process is gone. */
export function isEcho({ type, text, frames }: PythonException): boolean {
  if (WORDS.test(text.slice(0, WORDS_MAX))) return true;
  return PIPE_TYPES.test(type) && PIPE_FILES.test(frames.at(-1)?.file ?? '');
}
