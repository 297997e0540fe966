import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import type { LogPlace } from '../../src/core/queue.ts';
import { tailJobLog } from '../../src/queue/job-log.ts';
import { logNews } from '../../src/queue/log-news.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'logs.txt');
});
const tail = () => tailJobLog(createRunFiles(folder), 'logs.txt', 30);
const news = (after: LogPlace, count = 100) => logNews(createRunFiles(folder), 'logs.txt', count, after);

it('what a log grows by is told once, whole lines alone, from where its end was', async () => {
  writeFileSync(path, 'one\ntwo\nthr');
  const end = await tail();
  expect(end).toMatchObject({ lines: ['one', 'two', 'thr'], isUnended: true });
  appendFileSync(path, 'ee\n 10%\r 20%');
  const first = await news(end.next);
  expect(first).toMatchObject({ lines: ['three'], unended: ' 20%', isAll: true, begunAnew: null });
  expect(await news(first.next)).toMatchObject({ lines: [], unended: ' 20%', next: first.next });
  appendFileSync(path, '\r 30%\nfour\n');
  const second = await news(first.next);
  expect(second).toMatchObject({ lines: [' 30%', 'four'], unended: '' });
  expect(await news(second.next)).toMatchObject({ lines: [], isAll: true });
});

it('of many lines so many are told at once, and none is lost', async () => {
  writeFileSync(path, '');
  const lines = Array.from({ length: 250 }, (_, index) => `línea ${index}`);
  let { next } = await tail();
  appendFileSync(path, `${lines.join('\n')}\n`);
  const told: string[] = [];
  for (let page = 0; page < 3; page += 1) {
    const each = await news(next);
    expect(each.isAll).toBe(page === 2);
    told.push(...each.lines);
    ({ next } = each);
  }
  expect(told).toEqual(lines);
});

it('a log that was cut short or replaced is read from its beginning', async () => {
  writeFileSync(path, 'one\ntwo\n');
  const { next } = await tail();
  truncateSync(path, 0);
  appendFileSync(path, 'new\n');
  const shorter = await news(next);
  expect(shorter).toMatchObject({ lines: ['new'], begunAnew: 'shorter' });
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'another\nfile\nby now\n');
  expect(await news(shorter.next)).toMatchObject({
    lines: ['another', 'file', 'by now'],
    begunAnew: 'another',
  });
  rmSync(path);
  await expect(news(next)).rejects.toMatchObject({ code: 'no-log' });
});

it('a line without an end that is longer than what is read at once does not stop the rest', async () => {
  writeFileSync(path, 'x\n');
  const { next } = await tail();
  appendFileSync(path, `${'y'.repeat(600_000)}\nlast\n`);
  const told: string[] = [];
  let after = next;
  for (let page = 0; page < 4; page += 1) {
    const each = await news(after);
    told.push(...each.lines);
    after = each.next;
  }
  expect(told.at(-1)).toBe('last');
  expect(told.length).toBeLessThan(5);
});
