import { expect, it } from 'vitest';
import { cutOffKillPost } from '../../src/cards/kill-post.ts';
import { interruptedLaunchPost } from '../../src/cards/launch-post.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { parseJob } from '../../src/queue/xax/state-schema.ts';
import { rawJob } from '../queue/xax/helpers.ts';

it('what is said of work that was cut off names the job with its queue, where there are several', () => {
  const alone = parseJob('gpu-02', ...rawJob(7, {}));
  const job = { ...alone, name: 'gpu-02/job-0000007' };
  const launch = { preset: 'toy', by: 'Ada', wasPlanned: false };
  expect(plainText(interruptedLaunchPost(launch, job, undefined))).toContain('gpu-02/job-0000007 is queued');
  expect(plainText(interruptedLaunchPost(launch, alone, undefined))).toContain('job-0000007 is queued');
  const kill = { by: { name: 'Ada' }, at: 0, signal: null, state: 'still-runs' as const };
  expect(plainText(cutOffKillPost({ ...kill, job }))).toMatch(
    /^gpu-02\/job-0000007: the kill by .*; it is still running/,
  );
  expect(plainText(cutOffKillPost({ ...kill, job: alone }))).toMatch(
    /^job-0000007: the kill by .*; it is still running/,
  );
});
