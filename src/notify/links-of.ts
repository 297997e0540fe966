import { LRUCache } from 'lru-cache';
import { type Job, jobKeyText } from '../core/job.ts';
import { type GitState, type JobLink, type LinkTemplate, linksOf, need } from '../core/links.ts';
import type { Reference } from '../core/services/runs.ts';
import type { TensorBoard } from '../core/services/tensorboards.ts';

/** Runs whose recorded commit is remembered: it does not change. */
const KEPT = 500;

/** What the card of a job links to: by the settings and what its run recorded, and the TensorBoard that shows it now. */
export function createLinksOf(deps: {
  templates(): readonly LinkTemplate[];
  gitOf(job: Job): Promise<GitState | null>;
  /** What a run is measured against, best first. */
  references(job: Job): readonly Reference[];
  showing(job: Job): TensorBoard | undefined;
  hostLabel(): string;
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

  /** The commit of the first reference that recorded one; null where it is the same, from which nothing differs. */
  async function baseOf(job: Job, commit: string | undefined): Promise<string | null> {
    for (const reference of deps.references(job)) {
      const base = (await gitOf(reference.job))?.commit;
      if (base !== undefined) return base === commit ? null : base;
    }
    return null;
  }

  function tensorBoardOf(job: Job): JobLink[] {
    const port = deps.showing(job)?.port;
    if (port === undefined) return [];
    const label = `TensorBoard at 127.0.0.1:${port} of ${deps.hostLabel()}`;
    return [{ label, url: `http://127.0.0.1:${port}/` }];
  }

  return {
    async of(job: Job, experimentId: string): Promise<JobLink[]> {
      const templates = deps.templates();
      const run = job.runDir.slice(job.runDir.lastIndexOf('/') + 1);
      const names = { job: job.jobId, experiment: experimentId, run, task: job.taskKey };
      const git = need(templates, 'commit') ? await gitOf(job) : null;
      const base = need(templates, 'base') ? await baseOf(job, git?.commit) : null;
      return [...linksOf(templates, names, git, base), ...tensorBoardOf(job)];
    },
  };
}
