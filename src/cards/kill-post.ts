import { type JobKey, jobKeyText, jobName } from '../core/job.ts';
import { type Inline, inlines, type Message } from '../core/message.ts';
import { type Doer, doerText } from '../core/person.ts';

/** What became of a kill that was under way when the bot ended. `signal`: what had been sent; null: nothing. */
export interface CutOffKill {
  by: Pick<Doer, 'name' | 'approvedBy'>;
  job: JobKey;
  /** When it was asked for, epoch milliseconds. */
  at: number;
  signal: string | null;
  /** `refused`: it was taken up again, in vain; `reason` says why, as the queue words it. */
  state: 'resumed' | 'still-runs' | 'refused' | 'ended';
  reason?: string;
}

/** Says in the job's thread what became of a kill that was cut off; where the job still runs, with a way to kill it again. */
export function cutOffKillPost({ by, job, at, signal, state, reason }: CutOffKill): Message {
  const sent = signal === null ? 'before any signal was sent' : `after ${signal}`;
  const head: Inline[] = [
    { bold: `The kill by ${doerText(by)}` },
    ' of ',
    { time: at, style: 'clock' },
    ` was cut off ${sent}, as xaxbot stopped`,
  ];
  const rest: Record<CutOffKill['state'], string> = {
    resumed: '. It is taken up again.',
    'still-runs': `; ${jobName(job)} still runs.`,
    refused: ` and could not be taken up again: ${jobName(job)} ${reason}.`,
    ended: `. ${jobName(job)} has ended since, and not by it as far as its record tells.`,
  };
  const again = {
    label: `Kill ${jobName(job)}`,
    command: 'kill',
    options: { job: jobKeyText(job) },
    style: 'danger' as const,
  };
  const canKill = state === 'still-runs' || state === 'refused';
  return {
    tone: state === 'resumed' ? 'active' : 'warning',
    blocks: [
      { kind: 'text', text: [...head, ...inlines(rest[state])] },
      ...(canKill ? [{ kind: 'buttons' as const, buttons: [again] }] : []),
    ],
  };
}
