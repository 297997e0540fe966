import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainText } from '../../src/core/plain-text.ts';
import { encodeFileVersion, encodeScalarEvent } from '../../src/metrics/tfevents-writer.ts';
import { createRecordedHome, startTestBot } from '../bot.ts';
import { temporaryFolder } from '../helpers.ts';

describe('commands about runs', () => {
  const folder = temporaryFolder();
  const home = createRecordedHome(folder);
  let bot: Awaited<ReturnType<typeof startTestBot>>;
  const run = (name: string) => join(folder, 'runs', name);
  /** What a person reads. */
  const said = async (words: string) => {
    const reply = await bot.ask(words);
    return plainText(reply.message);
  };

  beforeAll(async () => {
    home.show('030.json');
    bot = await startTestBot({
      folder,
      home: home.home,
      yaml: 'watch: {defaults: false}\nsession: {objective: {metric: value/loss, mode: min}}\n',
    });
  });
  afterAll(() => bot.app.stop());

  it('compare runs on one chart, with what their settings differ in', async () => {
    const text = await said('compare 6 7 9');
    expect(text).toMatch(/Chart of value\/loss\. job-0000006 .*job-0000007 .*job-0000009/s);
    expect(text).toMatch(/job-0000009 vs job-0000006: .*max_steps 300 → 20000/);
    expect(await said('compare 6 9 axis=relative')).toMatch(/over the time since each run's start/);
  });

  it('say in how many files the code differs from the parent', async () => {
    for (const [name, text] of [
      ['run_005', 'rate = 1'],
      ['run_008', 'rate = 2'],
    ] as const) {
      mkdirSync(join(run(name), 'code'), { recursive: true });
      writeFileSync(join(run(name), 'code/toy.py'), text);
    }
    await bot.ask('hypothesis add job=9 parent=job-0000006 "lower is better"');
    expect(await said('job 9')).toMatch(
      /vs parent job-0000006.*learning_rate 0\.01 → 0\.003.*; code in 1 file/s,
    );
    expect(await said('diff 6 9')).toMatch(/Code: 1 file differs, \+1 -1 lines/);
  });

  it('name the nearest tags to one that is not there', async () => {
    const nearest = /Nearest: value\/loss, .*, /;
    expect(await said('metrics 9 value/los')).toMatch(nearest);
    expect(await said('metrics 9 valeu/loss')).toMatch(nearest);
    expect(await said('compare 6 9 valeu/loss')).toMatch(nearest);
    expect(await said('compare 1 2')).toMatch(/None of them has logged a metric/);
  });

  it('say in words what is wrong with a run folder', async () => {
    expect(await said('metrics 10')).toMatch(/job-0000010 no longer has a run folder/);
    mkdirSync(join(run('run_010'), 'tensorboard/light'), { recursive: true });
    expect(await said('metrics 11')).toMatch(/its run folder has no event files/);
    const table = join(run('run_010'), 'metrics.csv');
    writeFileSync(table, Buffer.from('\ufeffstep,loss\n1,0.5\n', 'utf16le'));
    expect(await said('metrics 11')).toMatch(
      /has files of metrics, of which nothing could be read: .*metrics\.csv is UTF-16: /s,
    );
    rmSync(table);
    const events = join(run('run_010'), 'tensorboard/light/events.out.tfevents.1.host.1.1');
    writeFileSync(events, '');
    expect(await said('metrics 11')).toMatch(/its event files and metrics log hold no values yet/);
    const tags = Array.from({ length: 10_000 }, (_, index) =>
      encodeScalarEvent({ step: 1, wallTime: 1, tag: `sample/${index}`, value: index }),
    );
    appendFileSync(events, Buffer.concat([encodeFileVersion(1), ...tags]));
    expect(await said('metrics 11')).toMatch(/logs more than 2000 tags/);
    renameSync(run('run_006'), run('elsewhere'));
    expect(await said('diff 6 7')).toMatch(
      /Settings: unknown; job-0000007: its run folder is gone or was moved/,
    );
    renameSync(run('elsewhere'), run('run_006'));
  });

  it('say what is wrong with settings that are not YAML', async () => {
    writeFileSync(join(run('run_006'), 'config.yaml'), 'learning_rate: [1\n\tb: }');
    expect(await said('diff 6 7')).toMatch(
      /Settings: unknown; job-0000007: its config.yaml is not YAML: .*line/,
    );
    expect(await said('compare 6 7')).toMatch(/settings unknown: job-0000007: its config.yaml is not YAML/);
  });

  it('list the jobs, the last queued first, though several were queued at once', async () => {
    const { jobs } = (await bot.ask('jobs limit=50')).data as {
      jobs: { jobId: string; enqueuedAt: number }[];
    };
    const order = jobs.toSorted((a, b) => b.enqueuedAt - a.enqueuedAt || (a.jobId < b.jobId ? 1 : -1));
    expect(jobs.map(({ jobId }) => jobId)).toEqual(order.map(({ jobId }) => jobId));
    expect(await said('jobs failed limit=1')).toMatch(/^job +task +status +queued +by +error\n/);
  });

  it('show as many lines of a log, and settings, as were asked for where there is room, and else the rest as a file', async () => {
    const rows = Array.from({ length: 300 }, (_, index) => `setting_${index}: ${index}`);
    writeFileSync(join(run('run_006'), 'queue_observer.log'), rows.join('\n'));
    writeFileSync(join(run('run_006'), 'config.yaml'), rows.join('\n'));
    const shown = async (words: string, adapter: string) => {
      const { message } = await bot.ask(words, { adapter });
      const code = message.blocks.find((block) => block.kind === 'code')!;
      return [code.text.split('\n').length, message.blocks.some(({ kind }) => kind === 'file')];
    };
    expect(await shown('logs 7 200', 'web')).toEqual([200, false]);
    expect(await shown('logs 7 200', 'terminal')).toEqual([200, false]);
    expect(await shown('logs 7 200', 'slack')).toEqual([40, true]);
    expect(await shown('logs 7 200', 'discord')).toEqual([40, true]);
    expect(await shown('config 7', 'web')).toEqual([300, false]);
    expect(await shown('config 7', 'slack')).toEqual([40, true]);
  });

  it('say once what a chart is of: in its title, with nothing of that above it', async () => {
    const above = async (words: string) => {
      const { message } = await bot.ask(words);
      const at = message.blocks.findIndex(({ kind }) => kind === 'image');
      expect(at, words).toBeGreaterThanOrEqual(0);
      return plainText({ blocks: message.blocks.slice(0, at) });
    };
    expect(await above('metrics 9 value/loss')).toBe('');
    expect(await above('metrics 9')).not.toMatch(/job-0000009/);
    expect(await above('scoreboard')).toMatch(/^value\/loss, minimum; best: job-0000006$/);
  });

  it('show the week and the scoreboard', async () => {
    const week = await said('week');
    const [, busy, failed, idle] =
      /^busy: (.*)\nof it on failed jobs: (.*)\nidle: (.*)\n/.exec(week) ?? expect.fail(week);
    expect(week).toContain(`7 days: busy ${busy}, of it on failed jobs ${failed}, idle ${idle}.`);
    const scoreboard = await said('scoreboard');
    expect(scoreboard).toMatch(/best: job-0000006/);
    expect(scoreboard).toMatch(/Best \(minimum\) 0\.2168 by job-0000006/);
  });
});
