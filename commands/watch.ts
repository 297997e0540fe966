import { MUTE_MINUTES } from '../src/cards/watch-post.ts';
import { mustBeAllowed } from '../src/core/allowed-action.ts';
import { defineCommand } from '../src/core/command.ts';
import type { Action } from '../src/core/command-declaration.ts';
import { BotError } from '../src/core/errors.ts';
import { type Job, type JobKey, jobKeyText, jobName } from '../src/core/job.ts';
import { inlines, type Message, type Text } from '../src/core/message.ts';
import type { Caller, Services } from '../src/core/services/context.ts';
import type { Followed } from '../src/core/services/follow.ts';
import { durationText } from '../src/core/time.ts';
import {
  type Episode,
  type KnownRule,
  type Mute,
  WATCH_CONDITIONS,
  type WatchRule,
} from '../src/core/watch.ts';
import { ruleWords } from '../src/core/watch-words.ts';
import {
  actionOf,
  FOLLOW_ACTIONS,
  FOLLOW_OPTIONS,
  followedWords,
  leftWords,
  toFollow,
  toLeave,
} from './watch-follow.ts';
import { listBlocks, type Named } from './watch-list.ts';
import { type RuleOptions, ruleFrom } from './watch-rule.ts';

const ALL = 'all';

type WatchData =
  | ({ action: 'follow' } & Followed)
  | { action: 'unfollow'; jobId: string; folder: string }
  | { action: 'list'; rules: KnownRule[]; mutes: Named<Mute>[]; firing: Named<Episode>[] }
  | { action: 'add'; rule: WatchRule; words: string }
  | { action: 'remove'; name: string }
  | {
      action: 'mute' | 'unmute';
      rule: string | null;
      jobId: string | null;
      until: number | null;
      by: string;
    };

const ACTIONS = {
  list: {
    summary: 'what running jobs are watched for, what is muted and what fires',
    takes: [],
    changes: false,
  },
  add: {
    summary: 'for NaN, a threshold, no progress and more',
    takes: ['rule', 'tag', 'value', 'deviations', 'mode', 'points', 'minutes', 'task', 'name'],
    requires: ['rule'],
    changes: true,
    repeatable: true,
    role: 'operator',
  },
  remove: {
    summary: 'end one',
    takes: ['rule'],
    requires: ['rule'],
    changes: true,
    repeatable: true,
    role: 'operator',
  },
  mute: {
    summary: 'silence one, or all, for a time',
    takes: ['rule', 'minutes', 'job'],
    requires: ['rule'],
    changes: true,
    role: 'operator',
  },
  unmute: {
    summary: 'undo that',
    takes: ['rule', 'job'],
    requires: ['rule'],
    changes: true,
    repeatable: true,
    role: 'operator',
  },
  ...FOLLOW_ACTIONS,
} as const satisfies Readonly<Record<string, Action>>;

export const watch = defineCommand({
  name: 'watch',
  group: 'Watching',
  summary: 'What running jobs are watched for, such as NaN or no progress; and runs that no queue started',
  examples: [
    'watch list',
    'watch add above value/loss 5 points=10',
    'watch add stalled minutes=60 task=Big',
    'watch mute nan job=7 minutes=120',
    'watch unmute all',
    'watch remove above-value-loss',
    'watch /home/ada/proj/runs/exp-3 pid=4242',
    'watch unfollow run-1',
  ],
  options: {
    action: {
      type: 'choice',
      choices: ['list', 'add', 'remove', 'mute', 'unmute', 'follow', 'unfollow'],
      description: 'list (default), add, remove, mute, unmute, follow or unfollow',
    },
    rule: {
      type: 'text',
      maxLength: 100,
      description: `add: what to look for (${WATCH_CONDITIONS.join(', ')}); remove, mute, unmute: a watch's name, or all`,
    },
    tag: { type: 'tag', description: 'which metric (default: the objective, else the loss)' },
    value: { type: 'number', description: 'the threshold; for diverged and slow, a ratio' },
    deviations: {
      type: 'number',
      min: 0,
      positional: false,
      description: "for diverged: how many times the curve's own noise",
    },
    mode: {
      type: 'choice',
      choices: ['min', 'max'],
      positional: false,
      description: 'for diverged and plateau: whether lower (min) or higher (max) is better',
    },
    points: { type: 'integer', min: 1, max: 100_000, positional: false, description: 'points in a row' },
    minutes: {
      type: 'integer',
      min: 1,
      max: 60 * 24 * 30,
      positional: false,
      description: 'how long: the silence, or the mute',
    },
    task: {
      type: 'text',
      maxLength: 200,
      positional: false,
      description: 'only jobs whose task contains this; follow: its task',
    },
    job: { type: 'job', positional: false, description: 'mute only for this job; unfollow: which run' },
    name: { type: 'text', maxLength: 60, positional: false, description: 'a name for the new watch' },
    ...FOLLOW_OPTIONS,
  },
  services: ['session', 'now', 'watches', 'queues', 'follow'],
  role: 'viewer',
  visibility: (options) => (actionOf(options) === 'list' ? 'private' : 'public'),
  changes: true,
  actions: ACTIONS,
  async check(options, { caller, services }) {
    const action = actionOf(options);
    if (action === 'follow') await services.follow.check(toFollow(options), caller.person);
    else if (action !== 'unfollow') prepared(options, caller, services);
  },
  async run(options, { caller, services }): Promise<WatchData> {
    const action = actionOf(options);
    const { watches } = services;
    if (action === 'follow')
      return { action, ...(await services.follow.follow(toFollow(options), caller.person)) };
    if (action === 'unfollow')
      return { action, ...(await services.follow.unfollow(toLeave(options), caller.person, caller.doer)) };
    if (action === 'list') {
      const named = <T extends { job: JobKey | null }>(about: T): Named<T> =>
        about.job ? { ...about, jobName: services.queues.nameOf(about.job) } : about;
      return {
        action,
        rules: watches.rules(),
        mutes: watches.mutes().map(named),
        firing: watches.firing().map(named),
      };
    }
    mustBeAllowed('watch', action, ACTIONS[action], caller.person);
    return prepared(options, caller, services)();
  },
  view(data, { now }) {
    switch (data.action) {
      case 'list':
        return { blocks: listBlocks(data) };
      case 'add':
        return said(['Now watching: ', { code: data.rule.name }, `, whether ${data.words}.`]);
      case 'follow':
        return said(followedWords(data));
      case 'unfollow':
        return said(leftWords(data));
      case 'remove':
        return said(['No longer watched: ', { code: data.name }, '.']);
      default: {
        const what = `${data.rule ?? 'Every watch'}${data.jobId ? ` of ${data.jobId}` : ''}`;
        const how = data.until === null ? 'is unmuted' : `is muted for ${durationText(data.until - now)}`;
        return said([{ bold: what }, ` ${how}, by ${data.by}.`]);
      }
    }
  },
});

/** Checks a change; calling the returned function makes it. */
function prepared(
  options: WatchOptions,
  { person }: Caller,
  { watches, session, now }: Pick<Services, 'watches' | 'session' | 'now'>,
): () => WatchData {
  const { rule, job } = options;
  const action = actionOf(options);
  if (action === 'list' || action === 'follow' || action === 'unfollow')
    throw new Error('no change of a rule');
  if (rule === undefined)
    throw new BotError(
      'bad-option',
      `rule is missing: what should be ${PAST[action]}?`,
      'See "help watch".',
      'rule',
    );
  if (action === 'add') {
    const added = ruleFrom(rule, options, session.info().objective);
    watches.mustBeNew(added);
    return () => {
      watches.add(added, person.name);
      return { action, rule: added, words: ruleWords(added) };
    };
  }
  if (action === 'remove') {
    watches.mustBeRemovable(rule);
    return () => {
      watches.remove(rule);
      return { action, name: rule };
    };
  }
  const named = rule === ALL ? null : rule;
  const about = { action, rule: named, jobId: job ? jobName(job) : null, by: person.name };
  if (action === 'unmute') {
    const key = job ? jobKeyText(job) : null;
    const isMuted = watches
      .mutes()
      .some((mute) => mute.rule === named && (mute.job ? jobKeyText(mute.job) : null) === key);
    if (!isMuted)
      throw new BotError(
        'not-muted',
        `${rule} is not muted${job ? ` for ${jobName(job)}` : ''}.`,
        '"watch list" shows what is.',
      );
    return () => {
      watches.unmute(named, job ?? null);
      return { ...about, until: null };
    };
  }
  if (named !== null) watches.mustBeKnown(named);
  return () => {
    const until = now() + (options.minutes ?? MUTE_MINUTES) * 60_000;
    watches.mute({ rule: named, job: job ?? null, until, by: person.name });
    return { ...about, until };
  };
}

const PAST = { add: 'added', remove: 'removed', mute: 'muted', unmute: 'unmuted' } as const;

function said(text: Text[]): Message {
  return { blocks: [{ kind: 'text', text: text.flatMap(inlines) }] };
}

interface WatchOptions extends RuleOptions {
  action?: WatchData['action'] | undefined;
  rule?: string | undefined;
  job?: Job | undefined;
  folder?: string | undefined;
  pid?: number | undefined;
}
