import { analysisBlocks } from '../src/cards/analysis.ts';
import { jobCard } from '../src/cards/job-card.ts';
import { transitionPost } from '../src/cards/posts.ts';
import { defineCommand } from '../src/core/command.ts';
import type { Block, Text } from '../src/core/message.ts';

export const job = defineCommand({
  name: 'job',
  group: 'Runs',
  summary: 'Everything about one job',
  examples: ['job 7', 'job last'],
  options: { job: { type: 'job', required: true, description: 'which job' } },
  services: ['rows', 'notes', 'jobs', 'analyses', 'jobFacts'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  draws: true,
  working: 'Drawing the chart',
  async run({ job }, { services }) {
    const facts = await services.jobFacts(job);
    return {
      facts,
      transitions: services.jobs.transitions(job),
      notes: services.notes.ofJob(job),
      experiment: services.rows.ofJob(job) ?? null,
      analysis: await services.analyses.of(facts.job),
    };
  },
  view({ facts, transitions, notes, experiment, analysis }) {
    const card = jobCard(facts);
    const history: Block[] = transitions.flatMap(
      (transition) => transitionPost(transition, facts.job).blocks,
    );
    const places: { name: string; value: Text }[] = [
      { name: 'run folder', value: { code: facts.job.runDir } },
      { name: 'config', value: { code: facts.job.configPath } },
      { name: 'parent', value: experiment?.parent_experiment_id ?? '' },
    ];
    const said: Block[] = notes.map(({ author, text, at }) => ({
      kind: 'text',
      text: [{ bold: author }, ' ', { time: at, style: 'relative' }, `: ${text}`],
    }));
    const filled = places.filter(
      ({ value }) => (typeof value === 'string' ? value : (value as { code: string }).code) !== '',
    );
    return {
      ...card,
      blocks: [
        ...card.blocks,
        { kind: 'divider' },
        { kind: 'fields', fields: filled },
        ...(analysis ? analysisBlocks(analysis) : []),
        ...history,
        ...said,
      ],
    };
  },
});
