import { expect, it } from 'vitest';
import { type RawJob, rawJob } from '../queue/xax/helpers.ts';
import { differences, endingDifferences, logDifferences } from './account.ts';
import type { JournalEntry } from './scripted-queue.ts';
import { logRows, parseStrictly } from './strict-csv.ts';

const ended = { status: 'failed', started_at: 1_795_446_100, ended_at: 1_795_446_200 };
const jobs = new Map<string, RawJob>([rawJob(1, ended), rawJob(2)]);
const of = (index: number, ...events: JournalEntry['event'][]): JournalEntry[] =>
  events.map((event) => ({ jobId: `job-000000${index}`, event, at: 0, enqueuedAt: 0 }));
const truth = {
  journal: [...of(1, 'enqueued', 'started', 'failed'), ...of(2, 'enqueued')],
  jobs,
  waiting: ['job-0000002'],
};
const first = {
  text: 'ToyRegression job-0000001\nFailed after 2 min\nby: root',
  thread: ['job-0000001 queued by root, 10:00', 'job-0000001 started, 10:01', 'job-0000001 failed, 10:03'],
};
const second = {
  text: 'ToyRegression job-0000002\nWaiting, next\nby: root',
  thread: ['job-0000002 queued by root, 10:02'],
};
const beside = { text: 'ToyRegression job-0000001\nFailed, 10:03', thread: [] };
const folded = { text: 'While I was away (10:00 to 10:03) 1 more jobs changed: 1 failed.', thread: [] };

it.each([
  ['all that happened, once', [first, second], []],
  [
    'an end too little',
    [{ ...first, thread: first.thread.slice(0, 2) }, second],
    [/Failed happened, and Queued,Started/, /nothing tells/],
  ],
  [
    'a start too much',
    [{ ...first, thread: [...first.thread, 'job-0000001 started, 10:01'] }, second],
    [/was told/],
  ],
  ['a card too much', [first, first, second], [/has 2 cards/]],
  ['a card too little', [second], [/nothing tells of job-0000001 enqueued/, /started/, /failed/]],
  [
    'an old card',
    [{ ...first, text: first.text.replace('Failed', 'Running') }, second],
    [/is failed, and its card says Running/],
  ],
  [
    'an old place',
    [first, { ...second, text: second.text.replace('next', '2nd in line') }],
    [/its card says 2nd in line/],
  ],
  ['one that was folded', [folded, second], []],
  ['one that was folded and told', [folded, first, second], [/0 more failed, and 1 were told/]],
])('a chat is judged by the journal: %s', (_what, held, expected) => {
  const found = differences(held, truth);
  expect(found).toHaveLength(expected.length);
  for (const [index, pattern] of expected.entries()) expect(found[index]).toMatch(pattern);
});

it('an end stands in the channel once', () => {
  expect(endingDifferences([first, second, beside], truth)).toEqual([]);
  expect(endingDifferences([first, second], truth)).toHaveLength(1);
  expect(endingDifferences([first, second, beside, beside], truth)).toHaveLength(1);
});

it('a log is judged by the queue: one row a job, as it stands', () => {
  const row = (jobId: string, status: string, started = '', end = '') => ({
    queue_job_id: jobId,
    status,
    started_at: started,
    ended_at: end,
  });
  const whole = [
    row('job-0000001', 'failed', '2026-11-23T15:01:40Z', '2026-11-23T15:03:20Z'),
    row('job-0000002', 'queued'),
  ];
  expect(logDifferences(whole, jobs)).toEqual([]);
  expect(logDifferences(whole.slice(1), jobs)).toHaveLength(1);
  expect(logDifferences([...whole, whole[1]!], jobs)).toHaveLength(1);
  expect(logDifferences([{ ...whole[0]!, status: 'running' }, whole[1]!], jobs)).toHaveLength(1);
});

it('a file that differs from RFC 4180 by a byte is no log', () => {
  expect(parseStrictly('a,"b ""c"", d"\r\n,\r\n')).toEqual([
    ['a', 'b "c", d'],
    ['', ''],
  ]);
  for (const text of ['a\n', 'a', 'a,"b\r\n', 'a"b\r\n', '"a"b\r\n'])
    expect(() => parseStrictly(text), text).toThrow();
  expect(() => logRows('experiment_id\r\n')).toThrow('columns');
});
