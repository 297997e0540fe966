import { defineCommand } from '../src/core/command.ts';
import { counted } from '../src/core/counted.ts';
import { BotError } from '../src/core/errors.ts';
import { jobName } from '../src/core/job.ts';
import type { Block } from '../src/core/message.ts';

/** More settings than this go into a file where a message cannot hold them, and the first of them into the answer. */
const SHOWN = 40;

export const config = defineCommand({
  name: 'config',
  group: 'Runs',
  summary: "A run's settings, as it was started with them",
  examples: ['config 7', 'config last'],
  options: { job: { type: 'job', required: true, last: 'began', description: 'which job' } },
  services: ['metrics', 'saveFile'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  async run({ job }, { services }) {
    const { settings, problem, from = [] } = await services.metrics.config(job);
    if (problem !== null)
      throw new BotError('no-config', `${jobName(job)} has no settings to show: ${problem}.`);
    const lines = Object.entries(settings).map(([name, value]) => `${name}: ${value}`);
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    const file = lines.length > SHOWN ? await services.saveFile(bytes, 'txt') : null;
    return { jobId: jobName(job), settings, from, file, bytes: bytes.length };
  },
  view({ jobId, settings, from, file, bytes }, { whole }) {
    const lines = Object.entries(settings).map(([name, value]) => `${name}: ${value}`);
    const shown = whole ? lines : lines.slice(0, SHOWN);
    const isCut = shown.length < lines.length;
    const which = isCut ? `the first ${SHOWN} of ${lines.length} settings` : counted(lines.length, 'setting');
    const blocks: Block[] = [{ kind: 'text', text: [{ bold: `${jobId} config` }, `: ${which}`] }];
    if (from.length > 0)
      blocks.push({
        kind: 'text',
        text: `From ${from.slice(0, 3).join(', ')}${from.length > 3 ? ' and others' : ''}`,
      });
    if (lines.length > 0) blocks.push({ kind: 'code', text: shown.join('\n') });
    if (file && isCut)
      blocks.push({ kind: 'file', file, name: `${jobId.replace('/', '-')}-config.txt`, bytes });
    return { blocks };
  },
});
