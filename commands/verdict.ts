import { clip } from '../src/core/clip.ts';
import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import type { ExperimentRow } from '../src/core/experiment.ts';
import { isEnded, isSameJob, type Job, jobKeyText, jobName } from '../src/core/job.ts';
import type { Message } from '../src/core/message.ts';
import type { Caller, Services } from '../src/core/services/context.ts';
import { hasVerdict, VERDICTS } from '../src/core/verdict.ts';
import { givenVerdict } from './standing.ts';

interface Given {
  verdict: (typeof VERDICTS)[number];
  jobId: string;
  by: string;
  row: ExperimentRow;
}

export const verdict = defineCommand({
  name: 'verdict',
  submit: 'Save verdict',
  group: 'Experiments',
  summary: 'Record what a run showed about its hypothesis',
  examples: ['verdict 7 confirmed smoother, and 3% better', 'verdict last refuted next="try a warm-up"'],
  options: {
    job: {
      type: 'job',
      states: ['completed', 'failed', 'cancelled', 'ended'],
      required: true,
      description: 'which job',
    },
    verdict: {
      type: 'choice',
      choices: VERDICTS,
      required: true,
      label: 'What the run showed',
      description: 'the hypothesis is confirmed, refuted, or inconclusive',
    },
    result: {
      type: 'text',
      rest: true,
      multiline: true,
      resent: true,
      label: 'What was seen',
      description: 'in your own words; the experiment log puts the verdict before them',
    },
    replace: {
      type: 'boolean',
      label: 'Replace the earlier verdict',
      description: 'replace the earlier verdict, which is kept in the notes',
    },
    next: {
      type: 'text',
      positional: false,
      multiline: true,
      label: 'What to do next',
      description: 'what to do next, for the experiment log',
    },
  },
  services: ['rows', 'editor', 'notes', 'verdicts', 'now', 'aboutJob'],
  role: 'operator',
  own: 'members',
  visibility: 'public',
  changes: true,
  standing: givenVerdict,
  useless: (job, { verdicts }) => (job && !hasVerdict(verdicts.of(job) ?? '') ? ['replace'] : []),
  check({ job, verdict, result, replace = false }, { services }) {
    mustHaveRow(job, services);
    mustHaveEnded(job);
    const before = services.verdicts.of(job) ?? '';
    if (hasVerdict(before) && before !== summaryOf(verdict, result, before) && !replace)
      throw alreadySaid(before, '');
  },
  async run({ job, verdict, result, next, replace = false }, { caller, services }): Promise<Given> {
    const { person } = caller;
    const row = mustHaveRow(job, services);
    mustHaveEnded(job);
    const before = services.verdicts.of(job) ?? '';
    const said = summaryOf(verdict, result, before);
    const keep = (text: string) =>
      void services.notes.add(job, { author: person.name, person: person.id, text, at: services.now() });
    if (hasVerdict(before) && before !== said && !replace) {
      // Whoever answers second must not lose their text.
      const also = `said also: ${said}${next === undefined ? '' : `; next: ${next}`}`;
      if (!services.notes.ofJob(job).some(({ text }) => text === also)) keep(also);
      throw alreadySaid(before, ' Yours is kept in the notes.');
    }
    if (before !== '' && before !== said && !said.endsWith(before)) keep(`said before: ${before}`);
    if (next !== undefined && row.next_action !== '' && row.next_action !== next)
      keep(`next was before: ${row.next_action}`);
    const edited = services.editor.editOfJob(job, {
      result_summary: said,
      ...(next === undefined ? {} : { next_action: next }),
    });
    const data = { jobId: jobName(job), verdict, by: person.name, row: edited ?? row };
    tellThread(job, data, caller, services);
    return data;
  },
  view: verdictMessage,
});

function mustHaveRow(job: Job, { rows }: Pick<Services, 'rows'>): ExperimentRow {
  const row = rows.ofJob(job);
  if (row) return row;
  throw new BotError(
    'unknown-experiment',
    `${jobName(job)} has no row in the experiment log yet.`,
    'Try again in a moment.',
  );
}

function alreadySaid(before: string, andYours: string): BotError {
  return new BotError(
    'verdict-exists',
    `Someone already wrote: "${clip(before, 200)}".${andYours}`,
    'Add replace=true to replace theirs, which is kept in the notes.',
  );
}

function mustHaveEnded(job: Job): void {
  const { status } = job;
  if (isEnded(status)) return;
  throw new BotError(
    'not-ended',
    `${jobName(job)} is ${status}: give a verdict when it has ended.`,
    'Until then, use "note" to write down what you see.',
  );
}

/** The verdict, then what was seen: the given text, else the existing one without its verdict. */
function summaryOf(verdict: string, result: string | undefined, before: string): string {
  const text = result ?? (hasVerdict(before) ? '' : before);
  return text === '' ? verdict : `${verdict}: ${text}`;
}

/** Posted in the job's thread unless the answer is there anyway. */
function tellThread(
  job: Job,
  data: Given,
  { adapter, channel, threadJob }: Caller,
  { now, aboutJob }: Pick<Services, 'now' | 'aboutJob'>,
): void {
  const isThere = isSameJob(threadJob, job);
  const key = `verdict:${jobKeyText(job)}:${now()}`;
  aboutJob(job, key, verdictMessage(data), isThere ? { adapter, channel } : null);
}

function verdictMessage({ jobId, verdict, by, row }: Given): Message {
  const seen = row.result_summary.slice(verdict.length).replace(/^: /, '');
  return {
    tone: verdict === 'confirmed' ? 'good' : verdict === 'refuted' ? 'bad' : 'neutral',
    blocks: [
      {
        kind: 'text',
        text: [{ code: jobId }, ': ', { bold: verdict }, ` by ${by}`, seen === '' ? '' : `: ${seen}`],
      },
      ...(row.next_action === ''
        ? []
        : [{ kind: 'text' as const, text: [{ bold: 'Next' }, `: ${row.next_action}`] }]),
    ],
  };
}
