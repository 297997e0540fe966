import type { Analysis } from '../core/analysis.ts';
import type { Cause, JobFacts } from '../core/facts.ts';
import { jobKeyText, jobName, taskName } from '../core/job.ts';
import { type Block, type Inline, inlines, type Message, type PersonId } from '../core/message.ts';
import type { Chart } from '../core/metrics.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { Transition } from '../core/transition.ts';
import { numberText } from '../core/units.ts';
import { analysisBlocks } from './analysis.ts';
import { chartBlock, jobButtons, lostIn } from './job-card.ts';
import { reachedText } from './judged.ts';
import { changeText, sentence, transitionPost } from './posts.ts';

/** How a job ended, and what is known about it. */
export interface Ending {
  transition: Transition;
  job: JobRecord;
  /** null unless it failed. */
  cause: Cause | null;
  chart: Chart | null;
  /** What it reached; null if nothing or unknown. */
  objective: JobFacts['objective'];
  canRetry: boolean;
  /** null where the log does not know it. */
  analysis: Analysis | null;
  /** What it changed compared with its reference; null if unknown. */
  changes: JobFacts['changes'];
  /** Why it was run, and what was expected; empty if nobody said. */
  purpose: { hypothesis: string; expected: string };
}

/**
 * The post for a job's end in its thread: how it ended, why if it failed, with its last lines and its curve.
 * The owner is mentioned, but for an end that they brought about.
 */
export function endingPost(
  { transition, job, cause, objective, chart, analysis, changes, purpose }: Ending,
  owner?: { id: PersonId; name: string },
): Message {
  const said = transitionPost(transition, job);
  const blocks: Block[] = [...said.blocks];
  const [first] = said.blocks;
  if (owner && first?.kind === 'text' && !isTheirDoing(transition, job, owner.name))
    blocks[0] = { ...first, text: [...inlines(first.text), ' ', ownerMention(owner, job)] };
  if (cause) {
    blocks.push({ kind: 'text', text: [{ bold: 'Cause' }, `: ${cause.text}`] });
    if (cause.lines.length > 0) blocks.push({ kind: 'code', text: cause.lines.join('\n'), isLog: true });
    if (cause.advice) blocks.push({ kind: 'text', text: [{ bold: 'What to do' }, `: ${cause.advice}`] });
  }
  const lost = job.status === 'completed' ? lostIn(objective) : null;
  if (lost) blocks.push({ kind: 'text', text: `It ended with a ${lost.tag} of ${numberText(lost.value)}.` });
  // What the rules chose is told here alone; the objective itself is in the reading.
  else if (objective?.rule !== undefined && job.status !== 'failed')
    blocks.push({ kind: 'text', text: [{ bold: objective.tag }, ' ', ...reachedText(objective), '.'] });
  if (chart) blocks.push(chartBlock(chart));
  if (analysis) {
    if (purpose.hypothesis !== '')
      blocks.push({ kind: 'text', text: [{ bold: 'Hypothesis' }, `: ${purpose.hypothesis}`] });
    if (purpose.expected !== '')
      blocks.push({ kind: 'text', text: [{ bold: 'Expected' }, `: ${purpose.expected}`] });
    blocks.push(...analysisBlocks(analysis));
  }
  if (analysis && changes && changes.text !== '')
    blocks.push({
      kind: 'text',
      text: [{ bold: 'Changed' }, ` vs ${changes.why} `, { code: changes.experimentId }, `: ${changes.text}`],
    });
  if (analysis && job.status !== 'cancelled')
    blocks.push({
      kind: 'buttons',
      buttons: [
        {
          label: 'Verdict',
          command: 'verdict',
          options: { job: jobKeyText(job) },
          form: true,
          style: 'primary',
        },
        ...(analysis.metric === null ? [] : [{ label: 'What next?', command: 'suggest', options: {} }]),
      ],
    });
  return { ...said, blocks, ...(lost ? { tone: 'bad' as const } : {}) };
}

function ownerMention(owner: { id: PersonId; name: string }, job: JobRecord): Inline {
  const kind = job.status === 'failed' ? 'failed' : 'ended';
  return { mention: owner.id, name: owner.name, ping: { kind, job: jobKeyText(job) } };
}

/** Whether somebody ended it themselves, and need not be told. */
function isTheirDoing({ by }: Transition, { killedBy }: JobRecord, name: string): boolean {
  return killedBy?.name === name || by?.name === name;
}

/** The same outside the job's thread, where the job must be named and has its buttons. */
export function endingAlonePost(ending: Ending): Message {
  const { job } = ending;
  const said = endingPost({ ...ending, analysis: null, changes: null });
  return {
    ...said,
    blocks: [
      { kind: 'heading', text: [{ bold: taskName(job.taskKey) }, ' ', { code: jobName(job) }] },
      { kind: 'text', text: sentence(changeText(ending.transition, job)) },
      ...said.blocks.slice(1),
      {
        kind: 'buttons',
        buttons: jobButtons(job, { place: null, canRetry: ending.canRetry, canMove: false }),
      },
    ],
  };
}
