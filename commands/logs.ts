import { defineCommand } from '../src/core/command.ts';
import { counted } from '../src/core/counted.ts';
import { jobName } from '../src/core/job.ts';
import type { Block } from '../src/core/message.ts';

const DEFAULT_LINES = 30;
const MAX_LINES = 5_000;
/** More lines than this go into a file in a chat, and the last of them into the answer. */
const LINES_SHOWN = 40;

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
      description: `how many lines (default ${DEFAULT_LINES}, at most ${MAX_LINES.toLocaleString('en')})`,
    },
    before: {
      type: 'integer',
      min: 0,
      positional: false,
      description: 'the lines before this byte, as an answer names it',
    },
  },
  services: ['queues', 'saveFile'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  async run({ job, kind = 'observer', lines = DEFAULT_LINES, before }, { services }) {
    const tail = await services.queues.of(job).readJobLog(job, kind, lines, before);
    const bytes = Buffer.from(`${tail.lines.join('\n')}\n`);
    const file = tail.lines.length > LINES_SHOWN ? await services.saveFile(bytes, 'txt') : null;
    return { jobId: jobName(job), kind, ...tail, isEnd: before === undefined, file, bytes: bytes.length };
  },
  view({ jobId, kind, lines, truncated, from, isEnd, file, bytes }, { whole }) {
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
      { kind: 'code', text: shown.join('\n') },
    ];
    if (file && shown.length < lines.length)
      blocks.push({ kind: 'file', file, name: `${jobId.replace('/', '-')}-${kind}.txt`, bytes });
    return { blocks: [...blocks, ...further] };
  },
});
