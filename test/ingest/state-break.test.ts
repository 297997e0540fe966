import { describe, expect, test } from 'vitest';
import type { Job } from '../../src/core/job.ts';
import { stateBreak } from '../../src/ingest/state-break.ts';
import { parseJob } from '../../src/queue/xax/state-schema.ts';
import { rawJob } from '../queue/xax/helpers.ts';

/** Jobs of these numbers; `era` tells equal numbers of different files apart. */
function jobs(era: number, ...numbers: number[]): Job[] {
  return numbers.map((number) => {
    const [id, raw] = rawJob(number, { enqueued_at: 1_795_446_000 + era * 10_000 + number });
    return parseJob('host', id, raw);
  });
}
const inFile = (...held: Job[]) => new Map(held.map((job) => [job.jobId, job]));
const none = { kept: 0, returned: 0, setBack: 0 };

describe('why jobs are missing from the state', () => {
  test.each<[string, ReturnType<typeof stateBreak>, Parameters<typeof stateBreak>]>([
    ['nothing is missing', null, [[], { kept: 3, returned: 0, setBack: 0 }, inFile(), { before: 4, now: 4 }]],
    ['it was begun anew and is empty', 'anew', [jobs(0, 1, 2), none, inFile(), { before: 3, now: 1 }]],
    [
      'it was begun anew, with a first job',
      'anew',
      [jobs(0, 1, 2), none, inFile(...jobs(1, 1)), { before: 3, now: 2 }],
    ],
    [
      'it was begun anew so long ago that its numbers are higher again',
      'anew',
      [jobs(0, 1, 2), none, inFile(...jobs(1, 1, 2, 3, 4)), { before: 3, now: 5 }],
    ],
    [
      'the same, where nobody wrote down the numbering',
      'anew',
      [jobs(0, 1, 2), none, inFile(...jobs(1, 1)), { before: null, now: null }],
    ],
    [
      'an older file was put back',
      'older',
      [jobs(0, 3), { kept: 2, returned: 0, setBack: 0 }, inFile(...jobs(0, 1, 2)), { before: 4, now: 3 }],
    ],
    [
      'an older file was put back, and a job queued since',
      'older',
      [
        jobs(0, 3),
        { kept: 2, returned: 0, setBack: 0 },
        inFile(...jobs(0, 1, 2), ...jobs(1, 3)),
        { before: 4, now: 4 },
      ],
    ],
    [
      'the lost file was put back over one that had been begun anew',
      'older',
      [jobs(1, 1), { kept: 0, returned: 2, setBack: 0 }, inFile(...jobs(0, 1, 2)), { before: 2, now: 3 }],
    ],
    [
      'the lost file was put back over an empty one',
      'older',
      [[], { kept: 0, returned: 2, setBack: 0 }, inFile(...jobs(0, 1, 2)), { before: 1, now: 3 }],
    ],
    [
      'an older file was put back in which all of the jobs are, one of them as it ran',
      'older',
      [[], { kept: 3, returned: 0, setBack: 1 }, inFile(...jobs(0, 1, 2, 3)), { before: 4, now: 4 }],
    ],
    [
      'records were taken out',
      'records',
      [jobs(0, 1), { kept: 1, returned: 0, setBack: 0 }, inFile(...jobs(0, 2)), { before: 3, now: 3 }],
    ],
    ['all records were taken out', 'records', [jobs(0, 1, 2), none, inFile(), { before: 3, now: 3 }]],
  ])('%s', (_how, because, given) => {
    expect(stateBreak(...given)).toBe(because);
  });
});
