import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/core/plain-text.ts';
import { createRecordedHome, enterWeb, startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

/** 9 runs, 10 waits, 7 and 8 failed. */
const LATE = '030.json';
const EARLY = '001.json';

let folder: string;
let a: ReturnType<typeof createRecordedHome>;
let b: ReturnType<typeof createRecordedHome>;
let bot: Awaited<ReturnType<typeof startTestBot>> | undefined;

const yaml = () => `watch: {defaults: false}
queues:
  - {name: gpu-01, home: ${a.home}}
  - {name: gpu-02, home: ${b.home}}
  - {name: practice, kind: simulated, script: empty}
presets:
  toy: {cwd: ${folder}, argv: [python, -m, examples.toy]}
  only: {cwd: ${folder}, argv: [python, -m, examples.toy], queues: [practice]}
`;
const start = async () => {
  bot = await startTestBot({ folder, home: a.home, yaml: yaml() });
  return bot;
};
const said = async (words: string, confirm = false) => {
  const { message } = await bot!.ask(words, { confirm });
  return plainText(message, { now: Date.now() });
};
const dataOf = async (words: string) => (await bot!.ask(words)).data as Record<string, unknown>;

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, 'a'));
  mkdirSync(join(folder, 'b'));
  a = createRecordedHome(join(folder, 'a'));
  b = createRecordedHome(join(folder, 'b'));
  for (const home of [a, b]) {
    home.show(EARLY);
    home.beat();
  }
});
afterEach(() => bot?.app.stop());

describe('several queues in one bot', () => {
  it('stand on one board, each by itself, and in lists with the name of their queue', async () => {
    await start();
    a.show(LATE);
    await eventually('it is read', async () => (await said('jobs')).includes('gpu-01/job-0000010'));
    const board = await said('status');
    expect(board).toMatch(/Queue gpu-01[\s\S]*Queue gpu-02[\s\S]*Queue practice \(simulated\)/);
    expect(board).toMatch(/Running gpu-01\/job-0000009/);
    const list = await said('jobs limit=200');
    expect(list).toContain('gpu-01/job-0000009');
    expect(list).toContain('gpu-02/job-0000001');
    expect(list).not.toContain('gpu-02/job-0000009');
    const { jobs } = (await dataOf('jobs limit=200')) as { jobs: { enqueuedAt: number; queue: string }[] };
    expect(jobs.map((job) => job.enqueuedAt)).toEqual(
      jobs.map((job) => job.enqueuedAt).toSorted((x, y) => y - x),
    );
    expect(new Set(jobs.map((job) => job.queue))).toEqual(new Set(['gpu-01', 'gpu-02']));
  });

  it('name a job by its queue; a short name is enough while one queue has it, else it lists those that do', async () => {
    await start();
    a.show(LATE);
    await eventually('it is read', async () => (await said('jobs')).includes('gpu-01/job-0000010'));
    expect(await said('job gpu-01/9')).toContain('gpu-01/job-0000009');
    expect(await said('job GPU-01/job-0000009')).toContain('gpu-01/job-0000009');
    expect(await said('job 9')).toContain('gpu-01/job-0000009');
    expect(await said('job 1')).toMatch(
      /"1" is 2 jobs: gpu-01\/job-0000001 \(.*\), gpu-02\/job-0000001 \(.*\)\. Name the one that is meant\./,
    );
    expect(await said('job gpu-02/last')).toContain('gpu-02/');
    expect(await said('job gpu-09/1')).toMatch(
      /There is no queue "gpu-09"\. Did you mean gpu-0\d\? The queues are/,
    );
    expect(await said('job gpu-02/777')).toMatch(/no job "gpu-02\/777".*Nearest: gpu-02\/job-/s);
  });

  it('change the job of the queue that is named and no other, though their ids are the same', async () => {
    a.show(LATE);
    b.show(LATE);
    await start();
    const before = readFileSync(join(a.home, 'queue_state.json'), 'utf8');
    expect(await said('cancel 10')).toMatch(/is 2 jobs/);
    expect(await said('move gpu-02/10 7')).toMatch(/Nothing was changed: gpu-02\/job-0000010/);
    expect(await said('kill gpu-01/9', true)).toMatch(/Nothing was killed: gpu-01\/job-0000009/);
    expect(readFileSync(join(a.home, 'queue_state.json'), 'utf8')).toBe(before);
    expect(readFileSync(join(b.home, 'queue_state.json'), 'utf8')).toBe(
      before.replaceAll('/a/runs', '/b/runs'),
    );
  });

  it('have one row each in the log, though their ids are the same', async () => {
    a.show(LATE);
    b.show(LATE);
    await start();
    await bot!.app.settled();
    const experiments = join(a.home, 'experiments');
    const [session] = readdirSync(experiments).filter((name) => name.startsWith('experiment-'));
    const log = () => readFileSync(join(experiments, session!, 'experiment_log.csv'), 'utf8');
    await eventually('it is written', () => log().includes('job-0000010@gpu-02'));
    const ids = log()
      .split('\n')
      .flatMap((line) => /^(job-\d{7}(@[\w-]+)?),/.exec(line)?.[1] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const others = ids.filter((id) => id.endsWith('@gpu-02'));
    expect(others.map((id) => id.replace('@gpu-02', '')).toSorted()).toEqual(
      ids.filter((id) => !id.includes('@')).toSorted(),
    );
    expect(await said('job job-0000009@gpu-02')).toContain('gpu-02/job-0000009');
  });

  it('launch where the preset may be and it starts first, and say why', async () => {
    await start();
    const only = await said('queue only');
    expect(only).toContain('practice/job-0000001');
    expect(only).toContain('On practice: only names no other queue.');
    const chosen = await said('queue toy');
    expect(chosen).toContain('practice/job-');
    expect(chosen).toMatch(
      /On practice: it (starts|waits) .*; on gpu-01 nothing starts without an observer, on gpu-02 nothing/,
    );
    expect(await said('queue only on=gpu-01')).toContain('only is not launched on gpu-01');
  });

  it('run on where one is broken, at the start and later, and show it in health', async () => {
    rmSync(b.home, { recursive: true });
    await start();
    const health = () => bot!.app.health().map(({ name, ok, detail }) => `${name} ${ok}: ${detail}`);
    expect(health()).toContainEqual(
      expect.stringMatching(/^queue gpu-02 false: The queue's folder .* does not exist/),
    );
    expect(health()).toContainEqual(expect.stringMatching(/^queue gpu-01 true/));
    a.show(LATE);
    await eventually('the other is told', async () => (await said('jobs')).includes('gpu-01/job-0000010'));
    expect(await said('status')).toMatch(/Queue gpu-02\n.*cannot be read/);
    mkdirSync(b.home);
    b.show(EARLY);
    await eventually('it is back', async () => (await said('jobs')).includes('gpu-02/job-0000001'));
  });

  it('tell each job once in its own thread, and nothing again after a restart', async () => {
    await start();
    b.show(LATE);
    await eventually('it is read', async () => (await said('jobs')).includes('gpu-02/job-0000010'));
    await eventually('all is said', () => bot!.app.waiting() === 0, 60_000);
    const roots = async () => {
      const reader = await enterWeb(bot!);
      const { messages } = await reader.get<{ messages: { id: number; replies: number; message: never }[] }>(
        'messages?channel=queue&limit=200',
      );
      return messages.map(
        ({ message, replies }) => `${plainText(message, { now: 0 }).split('\n')[0]} ${replies}`,
      );
    };
    const before = await roots();
    expect(before.filter((line) => line.includes('gpu-02/job-0000009'))).toHaveLength(1);
    expect(before.some((line) => line.includes('gpu-01/job-0000009'))).toBe(false);
    await bot!.app.stop();
    await start();
    await eventually('all is said', () => bot!.app.waiting() === 0, 60_000);
    expect(await roots()).toEqual(before);
  });
});
