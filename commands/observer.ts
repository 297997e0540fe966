import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import { type AskedReservation, reservationText } from '../src/core/gpus.ts';
import { type Job, type JobKey, jobKeyText } from '../src/core/job.ts';
import type { Button } from '../src/core/message.ts';
import type { ObserverAction } from '../src/core/queue.ts';
import type { CommandContext } from '../src/core/services/context.ts';
import { askedReservation, optionWords, startOptions } from './observer-gpus.ts';
import { type ObserverData, observerMessage, observerQuestion } from './observer-message.ts';

/** What `if-running` says when nothing may run. */
const NOTHING = 'nothing';

export const observer = defineCommand({
  name: 'observer',
  summary: "Start, stop or restart the queue's observer, which runs the jobs (asks first)",
  examples: ['observer start queue-gpus=0,1', 'observer restart queue-num-gpus=2', 'observer stop'],
  options: {
    action: {
      type: 'choice',
      choices: ['start', 'stop', 'restart'],
      required: true,
      description: 'start, stop or restart; the last two kill the running job, and ask first',
    },
    'queue-gpus': {
      type: 'text',
      maxLength: 200,
      positional: false,
      description: 'start, restart: the GPUs to keep for jobs, e.g. 0,1 (default: the same as before)',
    },
    'queue-num-gpus': {
      type: 'integer',
      min: 1,
      positional: false,
      description: 'start, restart: instead of a list, how many: the first N GPUs of the host',
    },
    'if-running': {
      type: 'text',
      maxLength: 1_000,
      positional: false,
      description: `only if this is the running job (${NOTHING}: none), so that no other is killed`,
    },
  },
  role: 'admin',
  visibility: 'public',
  changes: true,
  async check(options, context) {
    await askedReservation(options, context);
    await context.queue.refresh();
    const { action } = options;
    await mustBePossible(action, runningJobs(context), context);
  },
  async confirm(options, context) {
    const { action } = options;
    await askedReservation(options, context);
    await context.queue.refresh();
    const running = runningJobs(context);
    const isIdle = running.length === 0;
    if (action === 'start' && (isIdle || context.queue.snapshot()?.observer?.active)) return undefined;
    await mustBePossible(action, running, context);
    return {
      question: observerQuestion(action, running, await keptNow(context), context),
      confirmLabel: isIdle
        ? `${action === 'stop' ? 'Stop' : 'Restart'} it`
        : `Kill ${idsOf(running)}, ${action}`,
      options: {
        ...optionWords(options),
        'if-running': isIdle ? NOTHING : running.map(jobKeyText).join(' '),
      },
      ...(running.length === 1 ? { job: running[0]! } : {}),
    };
  },
  async run(options, context): Promise<ObserverData> {
    const { action } = options;
    const gpus = await askedReservation(options, context);
    await context.queue.refresh();
    const kept = await keptNow(context);
    const named = options['if-running']?.split(/\s+/);
    const mayEnd = runningJobs(context).filter((job) => !named || isNamed(job, named));
    const runsAlready = action === 'start' && context.queue.snapshot()?.observer?.active === true;
    if (!runsAlready) context.progress({ state: 'working', action });
    const request = { action, mayEnd, ...(gpus ? { gpus } : {}) };
    const outcome = await context.observer.control(request, context.doer);
    const runsAnother = runningJobs(context).some((job) => !mayEnd.some(({ jobId }) => jobId === job.jobId));
    const next: Button[] = [];
    if (!outcome.done && runsAnother)
      next.push({ label: 'Ask again', command: 'observer', options: optionWords(options) });
    if (outcome.done && action === 'stop' && context.queue.capabilities.startObserver)
      next.push(startButton(kept));
    return {
      ...outcome,
      state: outcome.done ? 'done' : 'refused',
      reservations: await context.queue.gpuReservations(),
      waiting: context.queue.snapshot()?.order.length ?? 0,
      next,
    };
  },
  view: observerMessage,
  succeeded: ({ state }) => state === 'done',
});

/** Error `observer` for what the queue would refuse. */
async function mustBePossible(
  action: ObserverAction,
  mayEnd: readonly Job[],
  { queue }: Pick<CommandContext, 'queue'>,
): Promise<void> {
  const refusal = await queue.observerRefusal({ action, mayEnd });
  if (refusal !== null) throw new BotError('observer', refusal, 'Nothing was changed.');
}

function runningJobs({ queue }: Pick<CommandContext, 'queue'>): Job[] {
  const snapshot = queue.snapshot();
  return (snapshot?.running ?? []).flatMap((id) => snapshot?.jobs.get(id) ?? []);
}

function isNamed(job: JobKey, named: readonly string[]): boolean {
  return named.includes(jobKeyText(job)) || named.includes(job.jobId);
}

function idsOf(jobs: readonly JobKey[]): string {
  return jobs.map(({ jobId }) => jobId).join(', ');
}

/** What is kept for jobs, where that was set. */
async function keptNow({ queue }: Pick<CommandContext, 'queue'>): Promise<AskedReservation | undefined> {
  const [kept] = await queue.gpuReservations();
  return kept?.kind === 'listed' || kept?.kind === 'first' ? kept : undefined;
}

function startButton(kept: AskedReservation | undefined): Button {
  const label = kept ? `Start it with ${reservationText(kept)}` : 'Start it again';
  return { label, command: 'observer', options: optionWords(startOptions(kept)) };
}
