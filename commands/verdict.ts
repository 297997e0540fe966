import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import { VERDICTS } from '../src/core/verdict.ts';

export const verdict = defineCommand({
  name: 'verdict',
  summary: 'Say what a run showed about its hypothesis',
  examples: ['verdict 7 confirmed smoother, and 3 % better', 'verdict last refuted next="try a warm-up"'],
  options: {
    job: { type: 'job', required: true, description: 'which job' },
    verdict: { type: 'choice', choices: VERDICTS, required: true, description: 'what the run showed' },
    result: { type: 'text', rest: true, multiline: true, description: 'what was seen' },
    replace: {
      type: 'boolean',
      description: 'put it in the place of what somebody said before; that is kept in the notes',
    },
    next: { type: 'text', positional: false, multiline: true, description: 'what to do next' },
  },
  role: 'operator',
  visibility: 'public',
  changes: true,
  async run({ job, verdict, result, next, replace }, { experiments, person, now }) {
    const row = experiments.ofJob(job);
    if (!row)
      throw new BotError(
        'unknown-experiment',
        `${job.jobId} has no row in the log yet.`,
        'Try again in a moment.',
      );
    const before = experiments.verdictOn(job);
    if (before !== undefined && !replace)
      throw new BotError(
        'verdict-exists',
        `Somebody has said it already: "${before.slice(0, 200)}".`,
        'Add replace=true to put yours in its place; theirs is kept in the notes.',
      );
    if (before !== undefined)
      experiments.addNote(job, {
        author: person.name,
        text: `said before: ${before}`,
        person: person.id,
        at: now(),
      });
    const edited = experiments.editOfJob(job, {
      result_summary: result === undefined ? verdict : `${verdict}: ${result}`,
      ...(next === undefined ? {} : { next_action: next }),
    });
    return { jobId: job.jobId, verdict, by: person.name, row: edited ?? row };
  },
  view: ({ jobId, verdict, by, row }) => ({
    tone: verdict === 'confirmed' ? 'good' : verdict === 'refuted' ? 'bad' : 'neutral',
    blocks: [
      {
        kind: 'text',
        text: [{ bold: `Verdict by ${by}` }, ' on ', { code: jobId }, `: ${row.result_summary}`],
      },
      ...(row.next_action === ''
        ? []
        : [{ kind: 'text' as const, text: [{ bold: 'Next' }, `: ${row.next_action}`] }]),
    ],
  }),
});
