import { defineCommand } from '../src/core/command.ts';
import { counted } from '../src/core/counted.ts';
import { BotError } from '../src/core/errors.ts';
import { type JobStatus, jobKeyText, jobName } from '../src/core/job.ts';
import type { Block, FileRef, Message } from '../src/core/message.ts';
import type { JobLogKind, JobLogNews, LogPlace } from '../src/core/queue.ts';
import { awaitedNews, logPlace, type News } from './log-news.ts';
import { waitMessage } from './wait-message.ts';

const DEFAULT_LINES = 30;
const MAX_LINES = 5_000;
/** More lines than this go into a file where a message cannot hold them, and the last of them into the answer. */
const LINES_SHOWN = 40;

/** A part of a log: its end, what stands before a byte, or what was added after a place. */
export interface LogData {
  jobId: string;
  /** Its whole key. */
  job: string;
  kind: JobLogKind;
  status: JobStatus;
  part: 'end' | 'before' | 'after';
  lines: string[];
  /** More stands before the first line. */
  truncated: boolean;
  /** Where the first line begins, bytes; 0 of what was added. */
  from: number;
  path: string | null;
  /** The place behind the last whole line, as `after` takes it. */
  next: string;
  /** The last line has no end yet. */
  isUnended: boolean;
  /** What was added: behind it, a line without an end. */
  unended: string;
  begunAnew: JobLogNews['begunAnew'];
  /** How the job ended; null: it has not, or there is more to read. */
  end: News['end'];
  file: FileRef | null;
  bytes: number;
}

export const logs = defineCommand({
  name: 'logs',
  group: 'Runs',
  summary: "The end of a job's log",
  examples: ['logs running', 'logs 7 task 100'],
  options: {
    job: { type: 'job', required: true, last: 'began', description: 'which job' },
    kind: {
      type: 'choice',
      choices: ['observer', 'task'],
      description: "observer: everything the process printed (tracebacks too); task: the task's own log",
    },
    lines: {
      type: 'integer',
      min: 1,
      max: MAX_LINES,
      description: `how many lines (default ${DEFAULT_LINES})`,
    },
    before: {
      type: 'integer',
      min: 0,
      positional: false,
      description: 'the lines before this byte, as an answer names it',
    },
    after: {
      type: 'text',
      maxLength: 40,
      positional: false,
      description: 'what was added after this, as the data of an answer names it (next)',
    },
  },
  services: ['queues', 'jobs', 'causes', 'feed', 'saveFile'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  async run({ job, kind = 'observer', lines, before, after }, { caller, services }): Promise<LogData> {
    if (before !== undefined && after !== undefined)
      throw new BotError(
        'bad-option',
        'before and after are two parts of a log.',
        'Give one of them.',
        'after',
      );
    const of = { jobId: jobName(job), job: jobKeyText(job), kind };
    if (after !== undefined) {
      const asked = { job, kind, lines: lines ?? MAX_LINES, after: logPlace(after) };
      const { news, end } = await awaitedNews(asked, caller.patience, services);
      const {
        lines: added = [],
        unended = '',
        begunAnew = null,
        path = null,
        next = asked.after,
      } = news ?? {};
      const isNew = asked.after.inode === 0;
      return {
        ...of,
        status: services.jobs.get(job)?.status ?? job.status,
        part: 'after',
        lines: added,
        truncated: false,
        from: 0,
        path,
        next: placeText(next),
        isUnended: false,
        unended,
        begunAnew: isNew ? null : begunAnew,
        end,
        file: null,
        bytes: 0,
      };
    }
    const tail = await services.queues.of(job).readJobLog(job, kind, lines ?? DEFAULT_LINES, before);
    const bytes = Buffer.from(`${tail.lines.join('\n')}\n`);
    const file = tail.lines.length > LINES_SHOWN ? await services.saveFile(bytes, 'txt') : null;
    return {
      ...of,
      status: job.status,
      part: before === undefined ? 'end' : 'before',
      ...tail,
      next: placeText(tail.next),
      unended: '',
      begunAnew: null,
      end: null,
      file,
      bytes: bytes.length,
    };
  },
  view: (data, { whole }) => (data.part === 'after' ? addedMessage(data) : partMessage(data, whole)),
});

function partMessage(
  { jobId, kind, lines, truncated, from, part, file, bytes }: LogData,
  whole: boolean | undefined,
): Message {
  const isEnd = part === 'end';
  const further: Block[] =
    truncated && from > 0
      ? [{ kind: 'text', text: ['For what stands before add ', { code: `before=${from}` }, '.'] }]
      : [];
  if (lines.length === 0) {
    if (further.length > 0)
      return { blocks: [{ kind: 'text', text: 'Only empty lines stand here.' }, ...further] };
    const text = isEnd ? `The ${kind} log of ${jobId} is empty.` : 'Nothing stands before that.';
    return { blocks: [{ kind: 'text', text }] };
  }
  const shown = whole ? lines : lines.slice(-LINES_SHOWN);
  const which =
    truncated || shown.length < lines.length
      ? `${isEnd ? 'last ' : ''}${counted(shown.length, 'line')}${isEnd ? '' : ' further up'}`
      : shown.length === 1
        ? '1 line'
        : `all ${shown.length} lines`;
  const blocks: Block[] = [
    { kind: 'text', text: [{ bold: `${jobId} ${kind} log` }, `: ${which}`] },
    { kind: 'code', text: shown.join('\n'), isLog: true },
  ];
  if (file && shown.length < lines.length)
    blocks.push({ kind: 'file', file, name: `${jobId.replace('/', '-')}-${kind}.txt`, bytes });
  return { blocks: [...blocks, ...further] };
}

function addedMessage({ jobId, kind, lines, unended, next, end }: LogData): Message {
  const text = [...lines, ...(unended === '' ? [] : [unended])].join('\n');
  const blocks: Block[] = [
    { kind: 'text', text: [{ bold: `${jobId} ${kind} log` }, `: ${counted(lines.length, 'line')} added`] },
    ...(text === '' ? [] : [{ kind: 'code' as const, text, isLog: true }]),
  ];
  if (!end) return { blocks: [...blocks, { kind: 'text', text: ['Next: ', { code: `after=${next}` }] }] };
  const ended = waitMessage(end, { whole: true });
  return { ...ended, blocks: [...blocks, ...ended.blocks] };
}

/** As `logPlace` reads it. */
function placeText({ inode, at }: LogPlace): string {
  return `${inode}:${at}`;
}
