import { agentActsPost } from '../cards/agent-acts.ts';
import { endingAlonePost, endingPost } from '../cards/ending-post.ts';
import { jobCard } from '../cards/job-card.ts';
import { awayPost, changesPost, transitionPost } from '../cards/posts.ts';
import { statusMessage } from '../cards/status.ts';
import type { Analysis } from '../core/analysis.ts';
import { jobName, parseJobKey, taskName } from '../core/job.ts';
import type { Message, PersonId } from '../core/message.ts';
import type { Destination } from '../core/request.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { JobStore } from '../store/jobs.ts';
import type { Facts } from './facts.ts';
import type { Renderers } from './sending.ts';
import { BOARD, PROPOSAL, SESSION } from './subjects.ts';

/**
 * Renders the messages of cards and posts when they are sent. A post describes its transition: however late
 * it is sent, it says how the job ended then. A card shows the job's current state.
 */
export function createRenderers(deps: {
  jobs: JobStore;
  facts: Facts;
  analysisOf(job: JobRecord): Promise<Analysis | null>;
  ownerOf(job: JobRecord): { id: PersonId; name: string } | undefined;
  sessionCard(name: string): Message | undefined;
  proposalCard(id: number): Message | undefined;
  /** The queues that a channel is about; undefined: all. */
  queuesIn(place: Destination): readonly string[] | undefined;
}): Renderers {
  const { jobs, facts } = deps;

  return {
    async card(subject, place): Promise<Message | undefined> {
      if (subject.startsWith(`${BOARD}:`)) return statusMessage(await facts.status(deps.queuesIn(place)));
      if (subject.startsWith(SESSION)) return deps.sessionCard(subject.slice(SESSION.length));
      if (subject.startsWith(PROPOSAL)) return deps.proposalCard(Number(subject.slice(PROPOSAL.length)));
      const key = parseJobKey(subject);
      if (key) await facts.findOwner(key);
      const known = key && (await facts.job(key));
      return known && jobCard(known);
    },

    async post(source) {
      if (source.kind === 'message') return source.message;
      if (source.kind === 'acts') return agentActsPost(source.agents);
      if (source.kind === 'changes') return changesPost(source.transitions.map(recorded));
      if (source.kind === 'away') return away(source.transitions, source.isHere === true);
      const { transition, job } = recorded(source.transition);
      if (source.kind === 'transition') return transitionPost(transition, job);
      await facts.findOwner(job);
      const owner = deps.ownerOf(jobs.get(job)!);
      if (source.kind === 'ending-alone' && source.onlyOwner !== undefined && owner?.id !== source.onlyOwner)
        return undefined;
      const cause = job.status === 'failed' ? await facts.cause(job) : null;
      const analysis = await deps.analysisOf(job);
      const [chart, changes] = [await facts.chart(job), await facts.changes(job)];
      const ending = {
        transition,
        job,
        cause,
        objective: await facts.objective(job),
        canRetry: facts.canRetry(job),
        chart,
        analysis,
        changes,
        purpose: facts.purpose(job),
      };
      if (source.kind === 'ending-alone') return endingAlonePost(ending);
      return endingPost(ending, owner);
    },

    threadTitle(subject) {
      if (subject.startsWith(SESSION)) return `Session ${subject.slice(SESSION.length)}`;
      const job = parseJobKey(subject) && jobs.get(parseJobKey(subject)!);
      return job ? `${jobName(job)} ${taskName(job.taskKey)}` : subject;
    },
  };

  async function away(transitions: readonly number[], isHere: boolean): Promise<Message> {
    const entries = [];
    for (const id of transitions) {
      const { transition, job } = recorded(id);
      const why = transition.kind === 'failed' ? (await facts.cause(job)).text : '';
      entries.push({ transition, job, why });
    }
    return awayPost(entries, isHere);
  }

  function recorded(id: number) {
    const transition = jobs.transition(id);
    const job = transition && jobs.asOf(transition);
    if (!transition || !job) throw new Error(`transition ${id} is not in the database`);
    return { transition, job };
  }
}
