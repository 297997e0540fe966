import { defineCommand } from '../src/core/command.ts';

export const note = defineCommand({
  name: 'note',
  summary: "Write a note to a job's experiment",
  examples: ['note 7 the loss jumps at step 2000', 'note last looks good'],
  options: {
    job: { type: 'job', required: true, description: 'which job' },
    text: { type: 'text', required: true, rest: true, multiline: true, description: 'what to remember' },
  },
  role: 'operator',
  visibility: 'public',
  changes: true,
  async run({ job, text }, context) {
    const at = context.now();
    context.experiments.addNote(job, { author: context.person.name, text, at });
    return { jobId: job.jobId, author: context.person.name, text, at };
  },
  view: ({ jobId, author, text }) => ({
    blocks: [{ kind: 'text', text: [{ bold: `Note by ${author}` }, ' on ', { code: jobId }, `: ${text}`] }],
  }),
});
