import type { Action } from '../src/core/command-declaration.ts';
import { BotError } from '../src/core/errors.ts';
import type { Job, JobKey } from '../src/core/job.ts';
import type { Text } from '../src/core/message.ts';
import type { OptionSpecs } from '../src/core/options.ts';
import type { AskedFollow, Followed } from '../src/core/services/follow.ts';
import { durationText } from '../src/core/time.ts';

/** The part of `watch` that follows runs which no queue started. */
export const FOLLOW_ACTIONS = {
  follow: {
    summary: 'a run that no queue started',
    takes: ['folder', 'pid', 'minutes', 'task'],
    requires: ['folder'],
    changes: true,
    role: 'operator',
  },
  unfollow: {
    summary: 'end that',
    takes: ['folder', 'job'],
    changes: true,
    role: 'operator',
  },
} as const satisfies Readonly<Record<string, Action>>;

export const FOLLOW_OPTIONS = {
  folder: {
    type: 'text',
    maxLength: 4_096,
    positional: false,
    sign: '/',
    isFolder: true,
    description: "the run's, a whole path",
  },
  pid: {
    type: 'integer',
    min: 1,
    positional: false,
    description: 'whose end is its end',
  },
} as const satisfies OptionSpecs;

interface FollowOptions {
  folder?: string | undefined;
  pid?: number | undefined;
  minutes?: number | undefined;
  task?: string | undefined;
  job?: Job | undefined;
  rule?: string | undefined;
}

/** What is asked for: a folder alone is to be followed. */
export function actionOf<A extends string>({
  action,
  folder,
  rule,
}: FollowOptions & { action?: A | undefined }): A | 'follow' | 'list' {
  if (action !== undefined) return action;
  if (folder !== undefined) return 'follow';
  if (rule === undefined || !/^(\.{1,2}|~)?\/|\/$/.test(rule)) return 'list';
  throw new BotError(
    'bad-option',
    `${rule} is not a whole path.`,
    'Begin with a slash: nobody knows here which folder you are in.',
    'folder',
  );
}

export function toFollow({ folder, pid, minutes, task }: FollowOptions): AskedFollow {
  if (folder !== undefined) return { folder, pid, minutes, task };
  throw new BotError(
    'bad-option',
    'folder is missing: where does the training write?',
    'See "help watch".',
    'folder',
  );
}

/** The run, or its folder, that is not to be followed any more. */
export function toLeave({ job, folder, rule }: FollowOptions): string | JobKey {
  const which = job ?? folder ?? rule;
  if (which !== undefined) return which;
  throw new BotError(
    'bad-option',
    'job is missing: which run is not to be followed any more?',
    'Its name, such as run-1, or its folder.',
    'job',
  );
}

export function followedWords({ jobId, folder, pid, silentMs, isLater }: Followed): Text[] {
  const until =
    silentMs === null
      ? `When its process ${pid} is gone, it has ended; how, nobody can tell then.`
      : `Nothing tells when it ends: after ${durationText(silentMs)} without a write it is said that it may have. With pid=… its process tells.`;
  return [
    { bold: jobId },
    ' is followed in ',
    { code: folder },
    `. ${until}${isLater ? ' xaxbot is not running: nobody looks until it is started.' : ''}`,
  ];
}

export function leftWords({ jobId, folder }: { jobId: string; folder: string }): Text[] {
  return [{ bold: jobId }, ' is no longer followed. What runs in ', { code: folder }, ' goes on.'];
}
