import { fileURLToPath } from 'node:url';
import { errorText } from '../../core/errors.ts';
import { isSameJob, type JobKey } from '../../core/job.ts';
import type { ObserverRequest, ObserverResult, Snapshot } from '../../core/queue.ts';
import { type RunResult, run } from '../../processes/run.ts';
import { cleanLine } from '../clean-text.ts';
import { processFacts } from '../process-facts.ts';
import { gpuFlags } from './gpu-settings.ts';
import { readObserverService } from './observer-service.ts';
import type { Programs } from './programs.ts';
import { readReservations, servesHome } from './reservations.ts';
import { ends, strayObserver } from './stray-observer.ts';

/** Milliseconds. */
export const CONTROL_TIMINGS = {
  /** A stop waits for systemd (TimeoutStopSec=30s), the observer and the job's processes (10 s each), after cold imports. */
  timeoutMs: 180_000,
  /** systemd and xax wait for the end of what they stop; this is for what they did not. */
  endsMs: 5_000,
};
const OUTPUT_MAX = 64 * 1024;
const SCRIPT = fileURLToPath(new URL('./guarded_command.py', import.meta.url));
/** The script's own exit codes; xax has 0, 1 and 2. */
const REFUSED = 3;
const UNAVAILABLE = 4;

export interface ControlDeps extends Programs {
  home: string;
  env: NodeJS.ProcessEnv;
  /** Reads the queue now; throws BotError when it cannot. */
  readNow(): Snapshot;
  timings?: Partial<typeof CONTROL_TIMINGS>;
}

/**
 * Runs `xax queue start|stop|restart`. All three kill a job that runs: a starting observer one that an earlier observer
 * left. An observer that is not xax's own service is refused, as xax would leave it running. Before a stop or restart the check is made once more in the queue's own Python, where one has xax. xax's restart
 * forgets which GPUs it had (it uninstalls the service): they are passed again.
 */
export async function controlObserver(request: ObserverRequest, deps: ControlDeps): Promise<ObserverResult> {
  try {
    const refusal = await whyNot(request, deps);
    if (refusal !== null) return refused(refusal);
    const observer = deps.readNow().observer;
    const before = observer?.active ? processFacts(observer.pid) : undefined;
    const result = await runCommand(request, await wordsFor(request, deps), deps);
    if (
      !result.done ||
      request.action === 'start' ||
      !before ||
      (await ends(before, { ...CONTROL_TIMINGS, ...deps.timings }.endsMs))
    )
      return result;
    return refused(`xax reports success, but the previous observer (pid ${before.pid}) is still running.`);
  } catch (error) {
    return refused(errorText(error));
  }
}

/** Why a request would be refused now, in a sentence; null: it would be tried. Does nothing. */
export async function observerRefusal(
  request: ObserverRequest,
  deps: Pick<ControlDeps, 'home' | 'env' | 'readNow'>,
): Promise<string | null> {
  return whyNot(request, deps).catch(errorText);
}

async function whyNot(
  { action, mayEnd }: ObserverRequest,
  deps: Pick<ControlDeps, 'home' | 'env' | 'readNow'>,
): Promise<string | null> {
  const service = await readObserverService(deps.env);
  if (service && !servesHome(service, deps.home))
    return `The user's service xax-queue-observer serves another queue, ${service.home}: xax would ${action} that one.`;
  const snapshot = deps.readNow();
  if (action === 'start' && snapshot.observer?.active)
    return 'An observer is already active. To change its GPUs, restart it.';
  const stray = action === 'start' ? null : await strayObserver(snapshot.observer, deps.env);
  if (stray !== null) return stray;
  return runsAnother(snapshot, mayEnd);
}

function runsAnother({ running, jobs }: Snapshot, mayEnd: readonly JobKey[]): string | null {
  const another = running.find((id) => !mayEnd.some((key) => isSameJob(jobs.get(id), key)));
  return another === undefined ? null : `${another} is running now and would be killed.`;
}

async function wordsFor({ action, gpus }: ObserverRequest, deps: ControlDeps): Promise<string[]> {
  if (action === 'stop') return [action];
  if (gpus) return [action, ...gpuFlags(gpus)];
  if (action === 'start') return [action];
  const { home, env } = deps;
  const [kept] = await readReservations({ home, env, observer: deps.readNow().observer });
  const isSet = kept?.kind === 'listed' || kept?.kind === 'first';
  return isSet ? [action, ...gpuFlags(kept)] : [action];
}

async function runCommand(
  { action, mayEnd }: ObserverRequest,
  words: readonly string[],
  deps: ControlDeps,
): Promise<ObserverResult> {
  const limits = {
    cwd: deps.home,
    env: deps.env,
    timeoutMs: { ...CONTROL_TIMINGS, ...deps.timings }.timeoutMs,
    maxOutputBytes: OUTPUT_MAX,
  };
  if (action !== 'start') {
    const may_end = mayEnd.map(({ jobId, enqueuedAt }) => ({ job_id: jobId, enqueued_at: enqueuedAt }));
    const input = JSON.stringify({ home: deps.home, may_end, words });
    for (const python of deps.pythons) {
      const result = await run({ argv: [python, SCRIPT], input, ...limits });
      if (result.exitCode === REFUSED) return refused(refusalIn(result));
      if (result.exitCode !== UNAVAILABLE && result.startError === null)
        return outcome(result, limits.timeoutMs);
    }
    const refusal = runsAnother(deps.readNow(), mayEnd);
    if (refusal !== null) return refused(refusal);
  }
  if (!deps.xaxCommand) return refused(deps.distrust ?? 'No xax command was found: set XAX_BIN.');
  return outcome(await run({ argv: [...deps.xaxCommand, 'queue', ...words], ...limits }), limits.timeoutMs);
}

function outcome({ exitCode, signal, stdout, stderr, timedOut, startError }: RunResult, timeoutMs: number) {
  if (exitCode === 0 && !timedOut) return { done: true } as const;
  if (timedOut)
    return refused(
      `xax took longer than ${timeoutMs / 1000} s and was stopped: check on the host what it did.`,
    );
  const lines = `${stdout.toString('utf8')}\n${stderr}`.split('\n').map(cleanLine);
  const last = lines.findLast((line) => line.trim() !== '');
  return refused(startError ?? last ?? `xax ended with ${signal ?? `exit code ${exitCode}`} and no output.`);
}

function refusalIn({ stdout }: RunResult): string {
  const { refused: reason } = JSON.parse(stdout.toString('utf8').trim().split('\n').at(-1)!) as {
    refused: string;
  };
  return reason;
}

function refused(reason: string): ObserverResult {
  return { done: false, reason };
}
