import { differenceText, readingText } from '../src/cards/analysis.ts';
import { defineCommand } from '../src/core/command.ts';
import { expectedOf } from '../src/core/experiment.ts';
import { counting } from '../src/core/how-far.ts';
import { jobKeyText } from '../src/core/job.ts';
import { type Block, inlines, type Text } from '../src/core/message.ts';
import { inSlices } from '../src/core/slices.ts';
import { knownText } from '../src/core/units.ts';

/** How many are examined closely: each means reading its run's files. */
const SHOWN = 10;

export const verdicts = defineCommand({
  name: 'verdicts',
  group: 'Experiments',
  summary: 'Finished runs that wait for a verdict',
  examples: ['verdicts'],
  options: {},
  services: ['rows', 'verdicts', 'jobs', 'analyses'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  working: 'Reading the runs',
  async run(_options, { reply, services }) {
    const { ids: open, rows: examined } = await inSlices(services.verdicts.missing(SHOWN));
    const { counted, howFar } = counting(examined.length, 'runs');
    reply.howFar(howFar);
    const shown = await Promise.all(
      examined.map(async (row) => {
        const key = services.rows.jobOf(row.experiment_id);
        const job = key && services.jobs.get(key);
        const analysis = await counted(job ? services.analyses.of(job) : Promise.resolve(null));
        return {
          experiment: row.experiment_id,
          job: key ? jobKeyText(key) : null,
          status: row.status,
          hypothesis: row.hypothesis,
          value: analysis?.value ?? null,
          difference: analysis?.differences[0]
            ? differenceText(analysis.differences[0], analysis.noise?.deviation)
            : '',
          deviation: analysis?.noise?.deviation ?? null,
          reading: analysis?.reading ?? null,
          because: analysis?.because ?? '',
          expected: expectedOf(row),
          endedAt: row.ended_at,
        };
      }),
    );
    return { open: open.length, shown };
  },
  view({ open, shown }) {
    if (open === 0) return { blocks: [{ kind: 'text', text: 'No run waits for a verdict.' }] };
    const what = open === 1 ? '1 run waits' : `${open} runs wait`;
    const blocks: Block[] = [{ kind: 'text', text: [{ bold: what }, ' for a verdict.'] }];
    for (const {
      experiment,
      job,
      status,
      hypothesis,
      expected,
      value,
      difference,
      deviation,
      reading,
      because,
    } of shown) {
      const numbers = [value === null ? '' : knownText(value, deviation), difference].filter(
        (part) => part !== '',
      );
      const text: Text[] = [
        { code: experiment },
        ` ${status}`,
        numbers.length > 0 ? `, ${numbers.join(', ')}` : '',
      ];
      if (reading) text.push(`; proposed: ${readingText({ reading, because })}`);
      const expectation = expected === '' ? '' : ` (expected: ${expected})`;
      blocks.push({ kind: 'text', text: [...text, `. ${hypothesis}${expectation}`].flatMap(inlines) });
      if (!job)
        blocks.push({
          kind: 'text',
          text: [
            'It has no job in this queue: ',
            { command: `experiment edit ${experiment} result="confirmed: …"` },
            '.',
          ],
        });
      if (job)
        blocks.push({
          kind: 'buttons',
          buttons: [{ label: `Verdict on ${experiment}`, command: 'verdict', options: { job }, form: true }],
        });
    }
    if (open > shown.length) blocks.push({ kind: 'text', text: `and ${open - shown.length} more.` });
    return { blocks };
  },
});
