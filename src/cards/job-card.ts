import { chosenText } from '../core/chosen-settings.ts';
import { clip } from '../core/clip.ts';
import { ordinal } from '../core/counted.ts';
import type { ExperimentRow } from '../core/experiment.ts';
import type { JobFacts, Range } from '../core/facts.ts';
import { isFollowed } from '../core/followed.ts';
import {
  isEnded,
  isGuess,
  type Job,
  jobKeyText,
  jobName,
  type SchedulerWord,
  secondsRun,
  taskName,
} from '../core/job.ts';
import { tasksText } from '../core/job-tasks.ts';
import { killText } from '../core/kill.ts';
import type { Block, Button, Inline, Message, Text, Tone } from '../core/message.ts';
import type { Chart, Progress } from '../core/metrics.ts';
import { parseValue } from '../core/objective.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import { durationText } from '../core/time.ts';
import { countText, numberText, quantityText } from '../core/units.ts';
import { reachedText } from './judged.ts';
import { runPlaceText } from './run-place.ts';
import { nextText } from './waiting-launches.ts';

const TONES: Record<JobRecord['status'], Tone> = {
  queued: 'neutral',
  running: 'active',
  completed: 'good',
  failed: 'bad',
  cancelled: 'warning',
  ended: 'neutral',
};

/** How many characters of a hypothesis or result a card shows; the whole stands in the thread and the log. */
const CARD_TEXT = 400;

/** A job's card: its current state. */
export function jobCard(facts: JobFacts): Message {
  const { job } = facts;
  const fields = fieldsOf(facts);
  const blocks: Block[] = [
    { kind: 'heading', text: [{ bold: taskName(job.taskKey) }, ' ', { code: jobName(job) }] },
    { kind: 'text', text: standing(facts) },
  ];
  if (job.status === 'running' && facts.progress) blocks.push(progressBlock(facts.progress, facts.left));
  if (fields.length > 0) blocks.push({ kind: 'fields', fields });
  if (facts.chart) blocks.push(chartBlock(facts.chart));
  blocks.push({ kind: 'buttons', buttons: jobButtons(job, facts) });
  return { blocks, tone: toneOf(facts) };
}

function toneOf({ job, objective }: JobFacts): Tone {
  if (job.removed && !isEnded(job.status)) return 'warning';
  return job.status === 'completed' && lostIn(objective) ? 'bad' : TONES[job.status];
}

/** The value of a finished run that is NaN or infinite: the run completed, but is lost. Null if all values are finite. */
export function lostIn(objective: JobFacts['objective']): { tag: string; value: number } | null {
  if (objective === null) return null;
  return Number.isFinite(objective.value) ? (objective.lost ?? null) : objective;
}

function standing({ job, place, startsIn, cause, now }: JobFacts): Text {
  const end = job.endedAt === null ? now : job.endedAt * 1000;
  const seconds = secondsRun(job);
  const ran = seconds === null ? '' : ` after ${durationText(seconds * 1000)}`;
  // If the clock was set back since, it would look like the future.
  const ago = (time: number): Inline => ({ time, style: time > now ? 'datetime' : 'relative' });
  if (job.removed && !isEnded(job.status)) return [{ bold: 'Gone' }, ': this job is no longer in the queue'];
  switch (job.status) {
    case 'queued':
      return [
        { bold: 'Waiting' },
        placeText(place),
        startsIn ? `, starts in ${rangeText(startsIn)}` : '',
        ', queued ',
        ago(job.enqueuedAt * 1000),
      ];
    case 'running':
      return [{ bold: 'Running' }, ', started ', ago((job.startedAt ?? job.enqueuedAt) * 1000)];
    case 'completed':
      return [{ bold: 'Completed' }, `${ran}, `, ago(end)];
    case 'failed':
      return [{ bold: 'Failed' }, `${ran}, `, ago(end), cause ? `: ${cause}` : ''];
    case 'cancelled':
      return [
        { bold: 'Cancelled' },
        `${ran}, `,
        ago(end),
        job.killedBy && job.startedAt !== null ? `: ${killText(job.killedBy)}` : '',
      ];
    case 'ended':
      return endedStanding(job, ran, ago(end));
  }
}

/** Where a job waits: nothing that those behind it change. */
function placeText(place: number | null): string {
  if (place === null) return '';
  return place === 1 ? ', next' : `, ${ordinal(place)} in line`;
}

/** Of one that nobody saw end: what tells that it has. */
function endedStanding({ seen }: JobFacts['job'], ran: string, ago: Inline): Text {
  const because = seen ? `: ${seen.because}` : '';
  if (seen?.by === 'left') return [{ bold: 'No longer followed' }, ', ', ago, because];
  if (isGuess(seen)) return [{ bold: 'Ended?' }, ' A guess', because, ', last ', ago];
  if (seen?.by === 'requeued') return [{ bold: 'Put back' }, `${ran}, `, ago, because];
  return [{ bold: 'Ended' }, `${ran}, `, ago, `${because}; how it ended is not known`];
}

function fieldsOf(facts: JobFacts) {
  const { job, experimentId, hypothesis, expected, result, objective, writes, changes, next, links } = facts;
  const fields: { name: string; value: Text }[] = [];
  if (experimentId !== '' && experimentId !== job.jobId)
    fields.push({ name: 'experiment', value: { code: experimentId } });
  if (job.owner) fields.push({ name: 'by', value: job.owner });
  if (job.tasks && job.task === undefined) fields.push({ name: 'tasks', value: tasksText(job.tasks) });
  if (job.scheduler) fields.push({ name: 'scheduler', value: schedulerText(job.scheduler) });
  if (job.restarts) fields.push({ name: 'life', value: `${job.restarts + 1}, as it was put back` });
  const chosen = chosenText(facts);
  if (chosen !== null) fields.push({ name: 'with', value: chosen });
  if (changes)
    fields.push({
      name: `vs ${changes.why} ${changes.experimentId}`,
      value: changes.text === '' ? 'the same settings' : changes.text,
    });
  // What a failed run had reached is not a result.
  const until = job.status === 'failed' ? ' before it failed' : '';
  if (objective) fields.push({ name: `${objective.tag}${until}`, value: reachedText(objective) });
  if (writes)
    fields.push({ name: 'place' in writes ? 'writes to' : 'writes to one of', value: runPlaceText(writes) });
  if (hypothesis) fields.push({ name: 'hypothesis', value: clip(hypothesis, CARD_TEXT) });
  if (expected) fields.push({ name: 'expected', value: clip(expected, CARD_TEXT) });
  if (next) fields.push({ name: 'then', value: nextText(next) });
  if (links.length > 0)
    fields.push({
      name: 'see',
      value: links.flatMap(({ label, url }, index): Inline[] => [
        index === 0 ? '' : ' · ',
        { link: url, label },
      ]),
    });
  if (result) fields.push({ name: 'result', value: clip(result, CARD_TEXT) });
  return fields;
}

/** `PENDING, Resources`: a scheduler's own word and reason. */
function schedulerText({ state, reason, never }: SchedulerWord): string {
  const why = reason === null ? state : `${state}, ${reason}`;
  return never ? `${why}: it waits for ever unless something is changed` : why;
}

/** A chart as a block. */
export function chartBlock({ image, live, alt, width, height }: Chart): Block {
  return { kind: 'image', image, live, alt, width, height };
}

/** A running job's progress as a block. */
export function progressBlock(
  { step, maxSteps, unit = 'step', stepsPerSecond, silentSeconds }: Progress,
  left: Range,
): Block {
  const rate = stepsPerSecond === null ? '' : rateText(stepsPerSecond, unit);
  const timeLeft = left === null ? 'time left unknown' : `${rangeText(left)} left`;
  const parts = [
    maxSteps === null ? `${unit} ${countText(step)}` : `${unit} ${countText(step)} of ${countText(maxSteps)}`,
    ...(silentSeconds === null ? [rate, timeLeft] : [`no new ${unit} for ${minutesText(silentSeconds)}`]),
  ];
  return {
    kind: 'progress',
    label: parts.filter((part) => part !== '').join(' · '),
    fraction: maxSteps === null || maxSteps <= 0 ? null : Math.min(1, step / maxSteps),
  };
}

/** An epoch takes minutes or hours: how many there are in a second would be told in many digits. */
function rateText(perSecond: number, unit: 'step' | 'epoch'): string {
  return unit === 'epoch'
    ? `${durationText(1_000 / perSecond)} an epoch`
    : quantityText(perSecond, 'steps/s');
}

/** In whole minutes, so that a card is not edited for every second of a silence. */
function minutesText(seconds: number): string {
  return durationText(Math.floor(seconds / 60) * 60_000);
}

/** What can be done with a job in its current state. */
export function jobButtons(
  job: Job & Partial<Pick<JobRecord, 'removed'>>,
  { place, canRetry, canMove }: Pick<JobFacts, 'place' | 'canRetry' | 'canMove'>,
): Button[] {
  const key = jobKeyText(job);
  const button = (label: string, command: string, more: Partial<Button> = {}): Button => ({
    label,
    command,
    ...more,
    options: { job: key, ...more.options },
  });
  const note = button('Note', 'note', { form: true });
  // What is no longer in the queue cannot be moved, cancelled or killed there.
  const isGone = job.removed === true && !isEnded(job.status);
  if (isGone && job.startedAt === null) return [note];
  if (job.status === 'queued')
    return [
      ...(place === 1 || !canMove ? [] : [button('Run next', 'move', { options: { position: '1' } })]),
      button('Cancel', 'cancel', { style: 'danger' }),
      note,
    ];
  const reading = [button('Logs', 'logs'), button('Metrics', 'metrics')];
  if (isGone) return [...reading, note];
  if (isFollowed(job)) {
    const isOver = job.status === 'ended' && !isGuess(job.seen);
    if (!isOver)
      return [...reading, note, button('Stop following', 'watch', { options: { action: 'unfollow' } })];
  }
  if (job.status === 'running') return [...reading, note, button('Kill', 'kill', { style: 'danger' })];
  const retry = canRetry ? [button('Retry', 'retry')] : [];
  // A job that was cancelled while waiting has nothing to read or judge.
  if (job.startedAt === null) return [note, ...retry];
  return [...reading, button('Verdict', 'verdict', { form: true }), note, ...retry];
}

/** `a moment`, `about 3 min`, or `3 min to 5 min` where the ends differ by more than a tenth. */
export function rangeText(range: NonNullable<Range>): string {
  if (range.high < 1) return 'a moment';
  const low = durationText(range.low * 1000);
  const high = durationText(range.high * 1000);
  if (low === high || range.high - range.low < 0.1 * range.high) return `about ${high}`;
  return `${low} to ${high}`;
}

/** A row's value as people write it; unchanged if it is not a number. A failed run's value is marked as such. */
export function valueText({
  objective_value,
  status,
}: Pick<ExperimentRow, 'objective_value' | 'status'>): string {
  const value = parseValue(objective_value);
  const text = value === null ? objective_value : numberText(value);
  return text !== '' && status === 'failed' ? `${text}, then failed` : text;
}
