import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fingerprint } from '../../src/core/fingerprint.ts';
import type { Job, JobKey } from '../../src/core/job.ts';
import { createRunConfig } from '../../src/metrics/run-config.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { createFingerprints } from '../../src/runs/fingerprints.ts';
import { temporaryFolder } from '../helpers.ts';

/** The fingerprint of a run with these settings and this code. */
async function printOf(yaml: string): Promise<{ text: string | null; kept: Fingerprint | undefined }> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'code'));
  writeFileSync(join(folder, 'code', 'train.py'), 'pass\n');
  writeFileSync(join(folder, 'config.yaml'), yaml);
  const files = createRunFiles(folder);
  const kept = new Map<string, Fingerprint>();
  const fingerprints = createFingerprints({
    store: {
      get: ({ jobId }: JobKey) => kept.get(jobId),
      put: ({ jobId }: JobKey, print: Fingerprint) => void kept.set(jobId, print),
    },
    jobOf: () => undefined,
    metrics: { config: () => createRunConfig(files).read() },
    runFiles: () => files,
  });
  const job = { jobId: 'job-0000001', taskKey: 'examples.toy.Toy', status: 'completed' } as Job;
  return { text: await fingerprints.of(job), kept: kept.get(job.jobId) };
}

describe('runs', () => {
  it.each([
    ['revision: 1234567890123456789\n', 'revision: 1234567890123456788\n'],
    ['tag: 1e-3\n', "tag: '0.001'\n"],
    ['tag: 08\n', "tag: '8'\n"],
    ["tag: '1'\n", 'tag: 1\n'],
  ])('are no repeats of one another where their settings differ: %j and %j', async (one, other) => {
    const [a, b] = [await printOf(one), await printOf(other)];
    expect(a.text).not.toBe(b.text);
  });

  it('are repeats where numbers are only spelt otherwise, and whatever their seeds are', async () => {
    const [a, b] = [await printOf('rate: 1.0e-05\nseed: 1\n'), await printOf('rate: 0.00001\nseed: 2\n')];
    expect(a.text).toBe(b.text);
  });

  it('keep the fingerprint that is in the database, where their settings are what they were taken for', async () => {
    const { kept } = await printOf('eps: 1.0e-08\nlayers:\n- a\n- 2\nname: adam\nnone: null\nrate: 0.010\n');
    const settings = { eps: '1e-8', layers: '["a",2]', name: 'adam', none: 'null', rate: '0.01' };
    const hash = createHash('sha256').update(JSON.stringify(['examples.toy.Toy', Object.entries(settings)]));
    expect(kept?.settings).toBe(hash.digest('hex'));
  });
});
