import { isFollowed } from '../core/followed.ts';
import { jobKeyText } from '../core/job.ts';
import { type Block, type Button, inlines, type Message, type PersonId, type Text } from '../core/message.ts';
import { durationText } from '../core/time.ts';
import type { WatchCondition, WatchNews } from '../core/watch.ts';
import { overWords } from '../core/watch-words.ts';
import { chartBlock } from './job-card.ts';

/** Conditions that mean a run is lost, not just worth a look. */
const BAD: readonly WatchCondition[] = ['nan', 'diverged'];
/** How long the button mutes, minutes. */
export const MUTE_MINUTES = 240;

/** Whose run a watch is about; absent where it is about the host. */
export interface Watched {
  /** The job as people name it. */
  name: string;
  owner: { id: PersonId; name: string } | undefined;
}

/** The post when a watched condition starts to hold, and when it is over. */
export function watchPost(news: WatchNews, now: number, watched?: Watched): Message {
  const { rule, job, words, since, over, chart } = news;
  const { name, owner } = watched ?? {};
  const head: Text[] = name === undefined ? [] : [{ code: name }, ': '];
  const text: Text[] = over
    ? [
        ...head,
        { bold: `${name === undefined ? 'Watch' : 'watch'} ${rule.name} is over` },
        ` after ${durationText(Math.max(0, now - since))}: ${overWords(rule)}.`,
      ]
    : [...head, { hint: words }, ` (watch ${rule.name})`];
  if (owner && !over)
    text.push(' ', {
      mention: owner.id,
      name: owner.name,
      ping: { kind: 'watch', ...(job ? { job: jobKeyText(job) } : {}) },
    });
  const blocks: Block[] = [{ kind: 'text', text: text.flatMap(inlines) }];
  if (chart) blocks.push(chartBlock(chart));
  if (!over) blocks.push({ kind: 'buttons', buttons: buttons(news) });
  return { blocks, tone: over ? 'neutral' : BAD.includes(rule.when) && job ? 'bad' : 'warning' };
}

function buttons({ rule, job }: WatchNews): Button[] {
  const mute: Button = {
    label: `Mute for ${MUTE_MINUTES / 60} h`,
    command: 'watch',
    options: {
      action: 'mute',
      rule: rule.name,
      minutes: String(MUTE_MINUTES),
      ...(job ? { job: jobKeyText(job) } : {}),
    },
  };
  if (rule.when === 'gpu-taken') return [{ label: 'GPUs', command: 'gpus', options: {} }, mute];
  if (!job)
    return [
      { label: 'Queue a run', command: 'queue', options: {}, form: true },
      { label: 'Hypotheses', command: 'hypothesis', options: { action: 'list' } },
      mute,
    ];
  const options = { job: jobKeyText(job) };
  return [
    // What no queue started is not ended from here.
    ...(isFollowed(job) ? [] : [{ label: 'Kill', command: 'kill', options, style: 'danger' as const }]),
    mute,
    { label: 'Note', command: 'note', options, form: true },
  ];
}
