import { isAboutTheExperiment } from '../core/config-delta.ts';
import { isEnded, type JobKey } from '../core/job.ts';
import type { Mask } from '../core/masked.ts';
import type { RunSettings } from '../core/metrics.ts';
import { isSecretName } from '../core/secret-names.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { RunSettingsStore } from '../store/run-settings.ts';

/** What runs resolved their settings to, from their `config.yaml`; an ended run's is read once and kept. */
export function createRunSettings(deps: {
  store: RunSettingsStore;
  jobOf(key: JobKey): JobRecord | undefined;
  /** Reads a run's `config.yaml`. */
  read(job: JobRecord): Promise<RunSettings>;
  mask: Mask;
}) {
  const { store } = deps;

  /** Null where they cannot be read. */
  return async (key: JobKey): Promise<Record<string, string> | null> => {
    const kept = store.get(key);
    if (kept) return kept;
    const job = deps.jobOf(key);
    if (!job || job.startedAt === null) return null;
    const { settings, problem } = await deps
      .read(job)
      .catch((): RunSettings => ({ settings: {}, problem: 'unreadable' }));
    if (problem !== null) return null;
    const own = Object.fromEntries(
      Object.entries(settings)
        .filter(([name]) => isAboutTheExperiment(name) && !isSecretName(name))
        .map(([name, value]) => [name, deps.mask(value)]),
    );
    if (isEnded(job.status)) store.put(job, own);
    return own;
  };
}
