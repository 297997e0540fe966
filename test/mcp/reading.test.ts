import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type ToyBot, toyBot, WITH_OPTIMIZER } from '../toy-bot.ts';
import { type Answer, answerOf } from './answer.ts';
import { connectedTo } from './program.ts';

/** Where the end of an answer says that it goes on. */
const beforeIn = (text: string) => /add before=(\S+?)\.?(?:\s|$)/.exec(text)?.[1];

describe('a coding agent that reads', () => {
  let world: ToyBot;
  let client: Client;

  const call = async (name: string, args: Record<string, unknown> = {}): Promise<Answer> =>
    answerOf(await client.callTool({ name, arguments: args }));

  beforeAll(async () => {
    const folder = temporaryFolder();
    world = await toyBot({ folder, settings: WITH_OPTIMIZER, launchedSeconds: 60 });
    ({ client } = await connectedTo(folder));
  });
  afterAll(async () => {
    await client.close();
    await world.stop();
  });
  afterEach(() => world.clear());

  it('is given what stands in the files of an answer, as text of others', async () => {
    const report = await call('report');
    expect(report.untrusted_text).toMatch(/experiment_report\.md:\n# Experiment Monitor Report\n/);
    const log = await call('export', { data: true });
    expect(log.untrusted_text).toMatch(/experiment_log\.csv:\nexperiment_id,parent_experiment_id,/);
    expect(JSON.stringify(log.data)).not.toContain('experiment_id,');
  });

  it('is given long lists and curves in parts, and sees a chart when it asks for one', async () => {
    const job = await world.enqueue(0.5);
    await world.enqueue(0.05);
    await eventually('ended', () => world.queue.snapshot()!.running.length === 0);
    const first = await call('jobs', { limit: 1, data: true });
    const { next } = first.data as { next: string };
    expect(first.untrusted_text).toContain(`add before=${next}.`);
    const second = await call('jobs', { limit: 200, before: next, data: true });
    expect((second.data as { jobs: { jobId: string }[] }).jobs[0]!.jobId).toBe(job.jobId);
    expect((second.data as { next: null }).next).toBeNull();
    expect(await call('jobs', { before: 'job-1' })).toMatchObject({
      ok: false,
      error: { code: 'bad-option' },
    });

    const end = await call('logs', { job: job.jobId, lines: 1, data: true });
    const { from } = end.data as { from: number };
    const above = await call('logs', { job: job.jobId, lines: 1, before: from });
    expect(end.untrusted_text).toContain(`add before=${from}.`);
    expect(above.untrusted_text).not.toBe(end.untrusted_text);

    const curve = await call('metrics', { job: job.jobId, points: 5, data: true });
    const { steps, values } = (curve.data as { curve: { steps: number[]; values: number[] } }).curve;
    expect([steps.length > 0 && steps.length <= 5, values.length]).toEqual([true, steps.length]);
    expect(curve.untrusted_text).toContain(`${steps[0]} ${values[0]}`);
    expect((curve.data as { values: { points: number }[] }).values.length).toBeGreaterThan(0);

    const shown = await client.callTool({ name: 'metrics', arguments: { job: job.jobId, chart: true } });
    const [words, image] = shown.content as { type: string; data: string; mimeType: string }[];
    expect([words!.type, image!.type, image!.mimeType]).toEqual(['text', 'image', 'image/png']);
    expect(Buffer.from(image!.data, 'base64').subarray(1, 4).toString()).toBe('PNG');
  });

  it.each([
    ['jobs', {}, 'jobs', 'jobId'],
    ['experiment_read', { action: 'list' }, 'rows', 'experiment_id'],
  ])('is given each row of %s once, in parts, while more are added', async (name, args, list, id) => {
    const part = async (more: object) =>
      (await call(name, { ...args, limit: 2, data: true, ...more })).untrusted_text;
    const inPart = (text: string) =>
      (JSON.parse(text.split('\n').at(-1)!) as Record<string, Record<string, string>[]>)[list]!.map(
        (row) => row[id]!,
      );
    for (let count = 0; count < 3; count += 1) await world.enqueue(0.05);
    let text = await part({});
    const [newest] = inPart(text);
    const found = inPart(text);
    for (let before = beforeIn(text); before !== undefined; before = beforeIn(text)) {
      await world.enqueue(0.05);
      text = await part({ before });
      found.push(...inPart(text));
    }
    expect(found[0]).toBe(newest);
    expect(found.length).toBeGreaterThan(2);
    expect(found).toEqual([...new Set(found)].sort().reverse());
    expect(found.at(-1)).toBe('job-0000001');
  });

  it('is told what is wrong with what it gave, by a code and in words', async () => {
    const cases: [string, Record<string, unknown>, string, RegExp][] = [
      ['job', { job: '4711' }, 'unknown-job', /no job "4711"/],
      ['jobs', { limit: 'many' }, 'bad-option', /limit is "many"; accepted: a whole number/],
      ['queue', { preset: 'toy', settings: { lr: 1 } }, 'bad-assignment', /no option lr/],
      [
        'queue',
        { preset: 'toy', settings: { learning_rate: [1] } },
        'bad-option',
        /settings.learning_rate is \[1\]/,
      ],
      [
        'queue',
        { preset: 'toy', settings: { learning_rate: '${oc.env:HOME}' } },
        'bad-assignment',
        /would expand it/,
      ],
      ['queue', {}, 'bad-option', /preset is missing/],
      ['compare', { jobs: [] }, 'bad-option', /jobs is ""; accepted: at least one job/],
      ['status', { verbose: true }, 'bad-option', /no option verbose/],
      ['experiment_read', { action: 'edit' }, 'bad-option', /accepted: one of list, show/],
      [
        'jobs',
        { limt: 3 },
        'bad-option',
        /Did you mean limit\? jobs takes: status, task, owner, before, limit, data/,
      ],
    ];
    for (const [name, args, code, text] of cases) {
      const result = await client.callTool({ name, arguments: args });
      expect(result.isError, name).toBe(true);
      expect(answerOf(result)).toMatchObject({
        ok: false,
        error: { code },
        untrusted_text: expect.stringMatching(text),
      });
    }
  });
});
