import { experimentKeyText } from './experiment.ts';
import { type Job, type JobKey, jobKeyText } from './job.ts';
import type { PersonId } from './message.ts';
import type { RetryCause } from './preset.ts';

/** A launch that waits for a job's end, as people see it. Plain JSON. */
export interface WaitingLaunch {
  /** Its number in the database. */
  id: number;
  /** `after`: it starts when its job has completed. `retry`: it repeats a job that has ended. */
  kind: 'after' | 'retry';
  preset: string;
  /** The name of whoever launches. */
  by: string;
  person: PersonId;
  /** The queue that it was asked for; null: it goes where it starts first. */
  queue: string | null;
  session: string;
  /** The planned experiment that it is for; null: it repeats its job. */
  experimentId: string | null;
  /** The job whose end it waits for, as its queue has that now. */
  job: JobKey;
  /** The name of that job. */
  after: string;
  /** Of a retry. */
  cause: RetryCause | null;
}

/** The first of the launches that wait, and how many do. */
export interface WaitingLaunches {
  shown: WaitingLaunch[];
  count: number;
}

/** What is meant where a command takes a job, or a launch that waits in its place. */
export type JobOrLaunch = Job | WaitingLaunch;

export function isLaunch(meant: JobOrLaunch): meant is WaitingLaunch {
  return 'preset' in meant;
}

/** What people call it: its plan, or the job that it repeats. */
export function launchName({ experimentId, after }: WaitingLaunch): string {
  return experimentId ?? after;
}

/** What names a job, or a launch that waits, whatever else is there by the time that it is read again. */
export function meantKeyText(meant: JobOrLaunch): string {
  if (!isLaunch(meant)) return jobKeyText(meant);
  const { session, experimentId, job } = meant;
  return experimentId === null ? jobKeyText(job) : experimentKeyText(session, experimentId);
}
