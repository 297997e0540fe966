import { type Job, jobKeyText, jobName } from '../core/job.ts';
import { type Inline, inlines, type Message } from '../core/message.ts';
import { type Doer, doerText } from '../core/person.ts';

/** The fate of a kill that was in progress when the bot ended. `signal`: what had been sent; null: nothing. */
export interface CutOffKill {
  by: Pick<Doer, 'name' | 'approvedBy'>;
  job: Job;
  /** When it was asked for, epoch milliseconds. */
  at: number;
  signal: string | null;
  /** `refused`: resuming it failed; `unknown`: it did not end what it was asked for, which may yet end. `reason` has the queue's words. */
  state: 'resumed' | 'still-runs' | 'refused' | 'unknown' | 'ended';
  reason?: string;
}

/** Posts the fate of an interrupted kill in the job's thread; with a kill button if the job is still running. */
export function cutOffKillPost({ by, job, at, signal, state, reason }: CutOffKill): Message {
  const sent = signal === null ? 'before any signal was sent' : `after ${signal}`;
  const head: Inline[] = [
    { code: jobName(job) },
    ': ',
    { bold: `the kill by ${doerText(by)}` },
    ' at ',
    { time: at, style: 'clock' },
    ` was interrupted ${sent}, when xaxbot stopped`,
  ];
  const rest: Record<CutOffKill['state'], string> = {
    resumed: '. It is being resumed.',
    'still-runs': '; it is still running.',
    refused: ` and could not be resumed: it ${reason}.`,
    unknown: `. It was resumed: the job ${reason}.`,
    ended: '. The job has since ended, apparently not because of it.',
  };
  const again = {
    label: `Kill ${jobName(job)}`,
    command: 'kill',
    options: { job: jobKeyText(job) },
    style: 'danger' as const,
  };
  const canKill = state !== 'resumed' && state !== 'ended';
  return {
    tone: state === 'resumed' ? 'active' : 'warning',
    blocks: [
      { kind: 'text', text: [...head, ...inlines(rest[state])] },
      ...(canKill ? [{ kind: 'buttons' as const, buttons: [again] }] : []),
    ],
  };
}
