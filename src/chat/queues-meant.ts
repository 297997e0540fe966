import type { CommandDeclaration } from '../core/command-declaration.ts';
import { type Job, parseJobKey } from '../core/job.ts';
import { isAboutJob, type RawOptions } from '../core/options.ts';
import type { Queues } from '../core/queues.ts';
import { jobsOf, launchOf } from './values.ts';

/** Whether a command is done on a queue, so that what somebody may do there decides. */
export function isOfQueues({ options }: Pick<CommandDeclaration, 'options'>): boolean {
  return Object.values(options).some(
    (spec) =>
      isAboutJob(spec) ||
      (spec.type === 'choice' && spec.ofQueues === true) ||
      (spec.type === 'integer' && spec.proposals !== undefined),
  );
}

/** What the queue of a job is called now. */
export function queueNameOf(queues: Pick<Queues, 'find'>, job: Pick<Job, 'queue'>): string {
  return queues.find(job)?.name ?? job.queue;
}

/**
 * The queues that a command is about: those of its jobs, the one that it names, or the only one that can do it. None where
 * it is about no queue, or chooses one as it is done: whoever chooses asks again.
 */
export function queuesMeant(
  command: Pick<CommandDeclaration, 'options' | 'needs'>,
  values: Readonly<Record<string, unknown>>,
  queues: Queues,
): string[] {
  const launch = launchOf(command.options, values);
  // One that is not decided on a queue is of none until it goes there.
  if (launch) return launch.queue === null ? [] : [launch.queue];
  const jobs = jobsOf(command.options, values);
  if (jobs.length > 0) return [...new Set(jobs.map((job) => queueNameOf(queues, job)))];
  const named = queueNamed(command, values);
  if (named !== undefined) return [queues.named(named).name];
  if (command.needs === undefined || !isOfQueues(command)) return [];
  const able = queues.with(command.needs);
  return able.length === 1 ? [able[0]!.name] : [];
}

/** The same of a proposal, whose options name each job by its whole key. */
export function queuesProposed(
  command: Pick<CommandDeclaration, 'options' | 'needs'>,
  { named }: RawOptions,
  queues: Queues,
): string[] {
  const values = Object.entries(named).map(([name, text]) => {
    const type = command.options[name]?.type;
    if (type === 'job') return [name, parseJobKey(text)];
    return [name, type === 'jobs' ? text.split(' ').flatMap((each) => parseJobKey(each) ?? []) : text];
  });
  return queuesMeant(command, Object.fromEntries(values), queues);
}

/** A command whose option for a queue takes only those on which it is offered, where there are any. */
export function whereOffered<C extends Pick<CommandDeclaration, 'options'>>(
  command: C,
  isOfferedOn: (queue: string) => boolean,
): C {
  const options = Object.entries(command.options).map(([name, spec]) => {
    if (spec.type !== 'choice' || spec.ofQueues !== true) return [name, spec];
    const choices = spec.choices.filter(isOfferedOn);
    return [name, choices.length > 0 ? { ...spec, choices } : spec];
  });
  return { ...command, options: Object.fromEntries(options) };
}

function queueNamed(
  { options }: Pick<CommandDeclaration, 'options'>,
  values: Readonly<Record<string, unknown>>,
): string | undefined {
  const option = Object.keys(options).find((name) => {
    const spec = options[name]!;
    return spec.type === 'choice' && spec.ofQueues === true;
  });
  const value = option === undefined ? undefined : values[option];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
