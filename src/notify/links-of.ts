import { LRUCache } from 'lru-cache';
import { type Job, jobKeyText } from '../core/job.ts';
import { type GitState, type JobLink, type LinkTemplate, linksOf, needCommit } from '../core/links.ts';

/** Runs whose recorded commit is remembered: it does not change. */
const KEPT = 500;

/** What the card of a job links to, by the settings and what its run recorded. */
export function createLinksOf(deps: {
  templates(): readonly LinkTemplate[];
  gitOf(job: Job): Promise<GitState | null>;
}) {
  const known = new LRUCache<string, GitState>({ max: KEPT });

  async function gitOf(job: Job): Promise<GitState | null> {
    if (job.startedAt === null) return null;
    const key = `${jobKeyText(job)}:${job.startedAt}`;
    const before = known.get(key);
    if (before) return before;
    const found = await deps.gitOf(job);
    if (found) known.set(key, found);
    return found;
  }

  return {
    async of(job: Job, experimentId: string): Promise<JobLink[]> {
      const templates = deps.templates();
      if (templates.length === 0) return [];
      const run = job.runDir.slice(job.runDir.lastIndexOf('/') + 1);
      const names = { job: job.jobId, experiment: experimentId, run, task: job.taskKey };
      return linksOf(templates, names, needCommit(templates) ? await gitOf(job) : null);
    },
  };
}
