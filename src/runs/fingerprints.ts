import { createHash } from 'node:crypto';
import { isAboutTheExperiment, isSeed } from '../core/config-delta.ts';
import type { Fingerprint, SettingsRepeat } from '../core/fingerprint.ts';
import { isEnded, type Job, type JobKey } from '../core/job.ts';
import type { MetricsService } from '../core/metrics.ts';
import type { RunFiles } from '../core/queue.ts';
import type { FingerprintStore } from '../store/fingerprints.ts';
import { codeHash } from './code-diff.ts';

/**
 * What runs were made of: their task and resolved settings, without seeds and without what tells where they live, and
 * the copy of their code. What is equal in both is a repeat. An ended run's is read once and kept.
 */
export function createFingerprints(deps: {
  store: Pick<FingerprintStore, 'get' | 'put'>;
  jobOf(key: JobKey): Job | undefined;
  metrics: Pick<MetricsService, 'config'>;
  runFiles(job: Job): RunFiles;
}) {
  const { store, metrics } = deps;

  function keep(job: Job, fingerprint: Fingerprint): Fingerprint {
    if (isEnded(job.status)) store.put(job, fingerprint);
    return fingerprint;
  }

  /** Its settings' hash, and its code's where that is known already: settings are small, code may be much. */
  const settingsOf = async (job: Job): Promise<Fingerprint | null> => store.get(job) ?? readAnew(job);

  async function readAnew(job: Job): Promise<Fingerprint | null> {
    const { settings, values = settings, problem } = await metrics.config(job);
    if (problem !== null) return null;
    const own = Object.entries(values)
      .filter(([key]) => isAboutTheExperiment(key) && !isSeed(key))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const hash = createHash('sha256').update(JSON.stringify([job.taskKey, own]));
    return keep(job, { settings: hash.digest('hex'), code: store.get(job)?.code ?? null });
  }

  const text = ({ settings, code }: Fingerprint) => `${settings} ${code ?? ''}`;

  return {
    /** Reads and keeps what is small; null where the settings cannot be read. */
    settingsOf,

    /** The same, though it is kept already: earlier versions took some settings for others. */
    readAnew,

    /** Equal texts are repeats; null where the settings cannot be read. */
    async of(job: Job): Promise<string | null> {
      const known = await settingsOf(job);
      if (!known) return null;
      if (known.code !== null) return text(known);
      const code = (await codeHash(deps.runFiles(job))) ?? '';
      return text(keep(job, { ...known, code }));
    },

    /** Those of equal settings that have equal code too, by the fingerprint's text; only where there are two. */
    async groups(runs: readonly SettingsRepeat[]): Promise<Map<string, SettingsRepeat[]>> {
      const groups = new Map<string, SettingsRepeat[]>();
      for (const run of runs) {
        const job = run.code === null ? deps.jobOf(run.job) : undefined;
        const name = run.code === null ? job && (await this.of(job).catch(() => null)) : text(run);
        if (name) groups.set(name, [...(groups.get(name) ?? []), run]);
      }
      return new Map([...groups].filter(([, group]) => group.length > 1));
    },
  };
}

export type Fingerprints = ReturnType<typeof createFingerprints>;
