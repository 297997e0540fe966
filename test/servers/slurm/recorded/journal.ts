import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY } from './frames.ts';

/** Something that was done to the recorded Slurm. */
export interface Deed {
  /** Epoch seconds. */
  at: number;
  kind: 'submit' | 'command' | 'fault' | 'repair';
  /** The command as it was typed, or what was done. */
  text: string;
  user: string | null;
  /** The id that a submission got. */
  jobId: number | null;
  argv: string[];
  code: number | null;
  error: string;
  /** The name that the recording's script has for a submission. */
  key: string | null;
}

/** How a life of a job ended, as Slurm's own record of it says. */
export interface Ending {
  state: string;
  code: number;
  signal: number;
  /** Epoch seconds. */
  submittedAt: number;
  startedAt: number | null;
  endedAt: number;
}

/** A job, or a task of an array. */
export interface TruePart {
  /** As people name it: `4`, `10_3`; of a job of several components, `46` and `46+1`. */
  id: string;
  /** Each of its lives that ended, in order; a requeued one's state is PENDING, PREEMPTED or NODE_FAIL. */
  lives: Ending[];
  /** What became of the last life: it ended; it was cancelled while pending, which left no record; or it was forgotten with the state. */
  fate: 'ended' | 'cancelled without a record' | 'lost with the state';
}

export interface TrueJob {
  key: string;
  name: string;
  user: string;
  id: number;
  /** Epoch seconds of the first submission. */
  submittedAt: number;
  isArray: boolean;
  parts: TruePart[];
}

interface Line {
  t: number;
  event: string;
  key?: string;
  user?: string;
  job_id?: number;
  args?: string[];
  argv?: string[];
  rc?: number;
  err?: string | null;
  what?: string;
}

/** What was done, in order. */
export function readJournal(): Deed[] {
  const lines = readFileSync(join(DAY, 'journal.jsonl'), 'utf8').trimEnd().split('\n');
  return lines
    .map((line) => JSON.parse(line) as Line)
    .filter(({ event }) => ['submit', 'command', 'fault', 'repair'].includes(event))
    .map((line) => ({
      at: line.t,
      kind: line.event as Deed['kind'],
      text: line.what ?? (line.argv ?? ['sbatch', ...(line.args ?? [])]).join(' '),
      user: line.user ?? null,
      jobId: line.job_id ?? null,
      argv: line.argv ?? line.args ?? [],
      code: line.rc ?? null,
      error: line.err ?? '',
      key: line.key ?? null,
    }));
}

interface Completion extends Ending {
  id: string;
  name: string;
}

function readCompletions(): Completion[] {
  const lines = readFileSync(join(DAY, 'completions.txt'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const field = (name: string) => new RegExp(`(?:^| )${name}=(\\S*)`).exec(line)?.[1] ?? '';
    const seconds = (name: string) => Date.parse(`${field(name)}Z`) / 1000;
    const [code, signal] = field('ExitCode').split(':').map(Number);
    const task = field('ArrayTaskId');
    return {
      id: task === '' ? field('JobId') : `${field('ArrayJobId')}_${task}`,
      name: field('Name'),
      state: field('JobState'),
      code: code!,
      signal: signal!,
      submittedAt: seconds('SubmitTime'),
      startedAt: Number.isNaN(seconds('StartTime')) ? null : seconds('StartTime'),
      endedAt: seconds('EndTime'),
    };
  });
}

/** Every job of the day with what became of it. */
export function trueJobs(): TrueJob[] {
  const deeds = readJournal();
  const completions = readCompletions();
  const cancelled = new Set(
    deeds.flatMap(({ argv }) => (argv[0] === 'scancel' ? argv.slice(1).flatMap(tasksOf) : [])),
  );
  return deeds
    .filter(({ kind }) => kind === 'submit')
    .map(({ key, user, jobId, argv, at }) => {
      const name = argv.includes('-J') ? argv[argv.indexOf('-J') + 1]! : key!;
      const range = /^--array=(\d+)-(\d+)/.exec(argv.find((word) => word.startsWith('--array=')) ?? '');
      const part = (id: string, record = id): TruePart => {
        const lives = completions
          .filter((each) => each.id === record && each.name === name)
          .map(({ id: _, name: __, ...ending }) => ending);
        const fate =
          lives.length > 0
            ? 'ended'
            : cancelled.has(id)
              ? 'cancelled without a record'
              : 'lost with the state';
        return { id, lives, fate };
      };
      const parts = range
        ? Array.from({ length: Number(range[2]) + 1 }, (_, task) => part(`${jobId}_${task}`))
        : [part(String(jobId)), ...(argv.includes(':') ? [part(`${jobId}+1`, String(jobId! + 1))] : [])];
      const submittedAt = Math.floor(at);
      return { key: key!, name, user: user!, id: jobId!, submittedAt, isArray: range !== null, parts };
    });
}

/** `10_[17-18]` as each of its tasks. */
function tasksOf(text: string): string[] {
  const several = /^(\d+)_\[(\d+)-(\d+)\]$/.exec(text);
  if (!several) return [text];
  const [first, last] = [Number(several[2]), Number(several[3])];
  return Array.from({ length: last - first + 1 }, (_, index) => `${several[1]}_${first + index}`);
}
