import { expect, it } from 'vitest';
import type { Job } from '../../src/core/job.ts';
import type { LinkTemplate } from '../../src/core/links.ts';
import type { JobRecord } from '../../src/core/services/jobs.ts';
import type { Reference } from '../../src/core/services/runs.ts';
import { createLinksOf } from '../../src/notify/links-of.ts';

const DIFF = { label: 'diff', url: 'https://example.com/{base}...{commit}' };
const job = (jobId: string) =>
  ({
    queue: 'host',
    jobId,
    enqueuedAt: 1,
    startedAt: 2,
    runDir: `/runs/${jobId}`,
    taskKey: 't',
  }) as JobRecord;

function linksWith(given: {
  commits: Record<string, string>;
  references?: Reference[];
  port?: number;
  templates?: LinkTemplate[];
}) {
  const asked: string[] = [];
  const links = createLinksOf({
    templates: () => given.templates ?? [DIFF],
    async gitOf({ jobId }: Job) {
      asked.push(jobId);
      const commit = given.commits[jobId];
      return commit === undefined ? null : { commit, isDirty: false };
    },
    references: () => given.references ?? [],
    showing: () => (given.port === undefined ? undefined : { jobIds: ['a'], port: given.port, since: 0 }),
    hostLabel: () => 'gpu-1',
  });
  return { links, asked };
}

const PARENT: Reference = { why: 'parent', job: job('parent') };
const BEST: Reference = { why: 'best', job: job('best') };

it("a run's diff is against its parent, else against the best of its session", async () => {
  const urlOf = async (commits: Record<string, string>, references: Reference[]) =>
    (await linksWith({ commits, references }).links.of(job('a'), 'a')).map(({ url }) => url);
  expect(await urlOf({ a: 'aa', parent: 'pp', best: 'bb' }, [PARENT, BEST])).toEqual([
    'https://example.com/pp...aa',
  ]);
  expect(await urlOf({ a: 'aa', best: 'bb' }, [PARENT, BEST])).toEqual(['https://example.com/bb...aa']);
  expect(await urlOf({ a: 'aa', best: 'bb' }, [BEST])).toEqual(['https://example.com/bb...aa']);
});

it('there is no diff to the same commit, none without something to compare, and none where the run recorded no commit', async () => {
  const of = (commits: Record<string, string>, references: Reference[] = []) =>
    linksWith({ commits, references }).links.of(job('a'), 'a');
  expect(await of({ a: 'aa', parent: 'aa', best: 'bb' }, [PARENT, BEST])).toEqual([]);
  expect(await of({ a: 'aa' })).toEqual([]);
  expect(await of({ parent: 'pp' }, [PARENT])).toEqual([]);
});

it('no commit is read for links that need none, and each once', async () => {
  const none = linksWith({ commits: {}, templates: [{ label: 'run', url: 'https://example.com/{run}' }] });
  expect(await none.links.of(job('a'), 'a')).toEqual([{ label: 'run', url: 'https://example.com/a' }]);
  expect(none.asked).toEqual([]);
  const twice = linksWith({ commits: { a: 'aa', parent: 'pp' }, references: [PARENT] });
  await twice.links.of(job('a'), 'a');
  await twice.links.of(job('a'), 'a');
  expect(twice.asked).toEqual(['a', 'parent']);
});

it('the TensorBoard that shows a run now is linked, without any setting', async () => {
  const { links } = linksWith({ commits: {}, templates: [], port: 6006 });
  expect(await links.of(job('a'), 'a')).toEqual([
    { label: 'TensorBoard at 127.0.0.1:6006 of gpu-1', url: 'http://127.0.0.1:6006/' },
  ]);
});
