import { defineCommand } from '../src/core/command.ts';
import { jobName } from '../src/core/job.ts';
import type { Block } from '../src/core/message.ts';

export const note = defineCommand({
  name: 'note',
  submit: 'Save note',
  group: 'Runs',
  summary: "Write a note to a job's experiment",
  examples: ['note 7 the loss jumps at step 2000', 'note last looks good'],
  options: {
    job: { type: 'job', required: true, description: 'which job' },
    text: {
      type: 'text',
      required: true,
      rest: true,
      multiline: true,
      label: 'What to remember',
      description: "kept with the job and in its experiment's notes",
    },
  },
  services: ['notes', 'now'],
  role: 'operator',
  own: 'members',
  visibility: 'public',
  changes: true,
  agents: 'directly',
  async run({ job, text }, { caller: { person, quoted }, services }) {
    const author = quoted?.author ?? person;
    const at = quoted?.at ?? services.now();
    const { id, isNew, state } = services.notes.add(job, {
      author: author.name,
      person: author.id,
      text,
      at,
      ...(quoted ? { link: quoted.link, source: quoted.id } : {}),
    });
    const jobId = jobName(job);
    return { id, isNew, state, jobId, author: author.name, authorId: author.id, text, at, quoted: !!quoted };
  },
  made: ({ id }) => `note ${id}`,
  view({ id, isNew, state, jobId, author, text, quoted }) {
    if (!isNew) {
      const why = state === 'kept' ? 'is kept already' : `was ${state}, so it is not kept again`;
      return {
        blocks: [{ kind: 'text', text: ['That message ', why, ' (note ', { code: String(id) }, ').'] }],
      };
    }
    const takeBack: Block = {
      kind: 'buttons',
      buttons: [{ label: 'Withdraw', command: 'withdraw', options: { note: String(id) } }],
    };
    // A message that was quoted stands above already, and what is withdrawn should not stand here too.
    const what = quoted
      ? [`${author}, your message is kept as note `, { code: String(id) }, ' of ', { code: jobId }, '.']
      : [{ code: jobId }, ': ', { bold: `note by ${author}` }, `: ${text}`];
    return { blocks: [{ kind: 'text', text: what }, takeBack] };
  },
});
