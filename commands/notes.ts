import { defineCommand } from '../src/core/command.ts';
import { jobName } from '../src/core/job.ts';
import type { Block, Inline } from '../src/core/message.ts';

export const notes = defineCommand({
  name: 'notes',
  group: 'Runs',
  summary: "The notes of a job's experiment",
  examples: ['notes 7'],
  options: { job: { type: 'job', required: true, description: 'which job' } },
  services: ['notes'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  run: async ({ job }, { services }) => ({
    jobId: jobName(job),
    notes: services.notes.ofJob(job),
  }),
  view({ jobId, notes }) {
    if (notes.length === 0)
      return { blocks: [{ kind: 'text', text: ['No notes on ', { code: jobId }, ' yet.'] }] };
    return {
      blocks: notes.map(({ id, author, text, at, link }): Block => {
        const source: Inline[] = link === '' ? [] : [' ', { link, label: 'there' }];
        return {
          kind: 'text',
          text: [
            { code: String(id) },
            ' ',
            { bold: author },
            ', ',
            { time: at, style: 'relative' },
            ...source,
            `: ${text}`,
          ],
        };
      }),
    };
  },
});
