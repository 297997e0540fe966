import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import { type AskedReservation, reservationText } from '../src/core/gpus.ts';
import { isSameJob, type Job, type JobKey, jobKeyText, jobName } from '../src/core/job.ts';
import type { Button } from '../src/core/message.ts';
import type { ObserverAction, Queue, QueueWith } from '../src/core/queue.ts';
import { runningIn } from '../src/core/queues.ts';
import type { Services } from '../src/core/services/context.ts';
import { askedReservation, optionWords, startOptions } from './observer-gpus.ts';
import { type ObserverData, observerMessage, observerQuestion } from './observer-message.ts';
import { onQueue, queueMeant } from './queue-meant.ts';

/** The value of `if-running` that means no job may be running. */
const NOTHING = 'nothing';

export const observer = defineCommand({
  name: 'observer',
  group: 'The host',
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
    on: onQueue('whose observer'),
    'if-running': {
      type: 'text',
      maxLength: 1_000,
      positional: false,
      description: `only if this is the running job (${NOTHING}: none), so that no other is killed`,
    },
  },
  needs: 'observer',
  services: ['queues', 'jobs', 'observer', 'gpus'],
  role: 'admin',
  visibility: 'public',
  changes: true,
  destroys: true,
  async check(options, { services }) {
    const queue = queueMeant(services.queues, 'observer', options.on);
    await askedReservation(options, services);
    await queue.refresh();
    await mustBePossible(options.action, runningJobs(queue, services), queue);
  },
  async confirm(options, { services }) {
    const { action } = options;
    const queue = queueMeant(services.queues, 'observer', options.on);
    await askedReservation(options, services);
    await queue.refresh();
    const running = runningJobs(queue, services);
    const isIdle = running.length === 0;
    if (action === 'start' && (isIdle || queue.snapshot()?.observer?.active)) return undefined;
    await mustBePossible(action, running, queue);
    return {
      question: observerQuestion(action, running, await keptNow(queue), { queue, ...services }),
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
  async run(options, { caller, reply, services }): Promise<ObserverData> {
    const { action, on } = options;
    const queue = queueMeant(services.queues, 'observer', on);
    const gpus = await askedReservation(options, services);
    await queue.refresh();
    const kept = await keptNow(queue);
    const named = options['if-running']?.split(/\s+/);
    const mayEnd = runningJobs(queue, services).filter((job) => !named || isNamed(job, named));
    const runsAlready = action === 'start' && queue.snapshot()?.observer?.active === true;
    if (!runsAlready) reply.progress({ state: 'working', action });
    const request = { action, mayEnd, ...(gpus ? { gpus } : {}) };
    const outcome = await services.observer.control(queue.name, request, caller.doer);
    const runsAnother = runningJobs(queue, services).some(
      (job) => !mayEnd.some((each) => isSameJob(each, job)),
    );
    const next: Button[] = [];
    if (!outcome.done && runsAnother)
      next.push({ label: 'Ask again', command: 'observer', options: optionWords(options) });
    if (outcome.done && action === 'stop' && queue.observer.canStart) next.push(startButton(kept, on));
    return {
      ...outcome,
      ...(services.queues.areSeveral ? { queue: queue.name } : {}),
      state: outcome.done ? 'done' : 'refused',
      reservations: (await queue.gpus?.reservations()) ?? [],
      waiting: queue.snapshot()?.order.length ?? 0,
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
  { observer: { refusal: refusalOf } }: QueueWith<'observer'>,
): Promise<void> {
  const refusal = await refusalOf({ action, mayEnd });
  if (refusal !== null) throw new BotError('observer', refusal, 'Nothing was changed.');
}

function runningJobs(queue: Queue, { jobs }: Pick<Services, 'jobs'>): Job[] {
  return runningIn(queue).map((job) => ({ ...job, name: jobs.get(job)?.name }));
}

function isNamed(job: JobKey, named: readonly string[]): boolean {
  return named.includes(jobKeyText(job)) || named.includes(job.jobId);
}

function idsOf(jobs: readonly Job[]): string {
  return jobs.map(jobName).join(', ');
}

/** What is kept for jobs, where that was set. */
async function keptNow(queue: Queue): Promise<AskedReservation | undefined> {
  const [kept] = (await queue.gpus?.reservations()) ?? [];
  return kept?.kind === 'listed' || kept?.kind === 'first' ? kept : undefined;
}

function startButton(kept: AskedReservation | undefined, on: string | undefined): Button {
  const label = kept ? `Start it with ${reservationText(kept)}` : 'Start it again';
  return { label, command: 'observer', options: optionWords({ ...startOptions(kept), on }) };
}
