import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { answerOf } from '../mcp/answer.ts';
import { twins } from './twins.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));

let world: Awaited<ReturnType<typeof twins>>;
let env: Record<string, string>;
beforeAll(async () => {
  world = await twins();
  await world.fill();
  await eventually('both run one', () =>
    [world.left, world.right].every((queue) => world.status(queue, 1) === 'running'),
  );
  await world.bot.app.settled();
  const { folder } = world;
  env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    USER: 'root',
    XAX_HOME: folder,
    XAXBOT_DATA_DIR: join(folder, 'data'),
    XAXBOT_WEB_PORT: 'off',
    TZ: 'Asia/Kolkata',
  };
});
afterAll(() => world.stop());

describe('the terminal of a bot with several queues', () => {
  const xaxbot = async (...argv: string[]) => {
    const child = spawn(process.execPath, [PROGRAM, ...argv], {
      cwd: world.folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { stdout, stderr, code: code as number };
  };
  const json = async (...argv: string[]) => JSON.parse((await xaxbot(...argv, '--json')).stdout);

  it('names jobs by their queues in words, and says the queue of each in its data', async () => {
    const { stdout } = await xaxbot('jobs');
    expect(stdout).toMatch(/right\/job-0000003[\s\S]*left\/job-0000001/);
    const { data } = await json('jobs');
    expect(
      data.jobs.map(({ name, queue, jobId }: Record<string, string>) => [name, `${queue}/${jobId}`]),
    ).toEqual(
      expect.arrayContaining([
        ['left/job-0000001', 'left/job-0000001'],
        ['right/job-0000001', 'right/job-0000001'],
      ]),
    );
    for (const { name, queue, jobId } of data.jobs) expect(name).toBe(`${queue}/${jobId}`);
  });

  it('ends with 1 and the candidates for a name that two have, and does what is meant by the whole one', async () => {
    const doubtful = await xaxbot('cancel', '3');
    expect([doubtful.code, `${doubtful.stdout}${doubtful.stderr}`]).toEqual([
      1,
      expect.stringMatching(/left\/job-0000003 .*right\/job-0000003/),
    ]);
    expect((await json('cancel', '3')).error.code).toBe('ambiguous-job');
    const done = await xaxbot('cancel', 'right/3');
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('Cancelled: right/job-0000003')]);
    expect([world.status(world.left, 3), world.status(world.right, 3)]).toEqual(['queued', 'cancelled']);
  });

  it('asks before a kill of that job, and says how to go ahead', async () => {
    const asked = await xaxbot('kill', 'left/1');
    expect([asked.code, `${asked.stdout}${asked.stderr}`]).toEqual([
      2,
      expect.stringContaining('left/job-0000001'),
    ]);
    expect((await json('kill', 'left/1', '--yes')).data.jobId).toBe('left/job-0000001');
    expect([world.status(world.left, 1), world.status(world.right, 1)]).toEqual(['failed', 'running']);
  });
});

describe('an agent of a bot with several queues', () => {
  let client: Client;
  beforeAll(async () => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [PROGRAM, 'mcp'],
      cwd: world.folder,
      env,
      stderr: 'ignore',
    });
    client = new Client({ name: 'test', version: '1' });
    await client.connect(transport);
  });
  afterAll(() => client.close());
  const call = async (name: string, args: Record<string, unknown>) =>
    answerOf(await client.callTool({ name, arguments: args })) as {
      ok: boolean;
      data: Record<string, unknown>;
      error?: { code: string };
      untrusted_text: string;
    };

  it('reads the job that it names, and is told of both where its name is that of two', async () => {
    const { data } = await call('job', { job: 'right/1', data: true });
    expect((data.facts as { job: object }).job).toMatchObject({
      queue: 'right',
      jobId: 'job-0000001',
      name: 'right/job-0000001',
    });
    const doubtful = await call('job', { job: '1' });
    expect(doubtful.error?.code).toBe('ambiguous-job');
    expect(doubtful.untrusted_text).toMatch(/left\/job-0000001.*right\/job-0000001/);
  });

  it('proposes for a queue by its name, and hears of its job by that', async () => {
    const { tools } = await client.listTools();
    const properties = tools.find(({ name }) => name === 'queue')!.inputSchema.properties as Record<
      string,
      { enum?: string[] }
    >;
    expect(properties.on?.enum).toEqual(['left', 'right']);
    const { proposal } = (await call('queue', { preset: 'toy', on: 'right' })).data;
    expect(await world.said(`approve ${proposal}`)).toContain('right/job-0000004');
    const { one } = (await call('proposals', { proposal, data: true })).data as {
      one: { result: { queue: string } };
    };
    expect(one.result.queue).toBe('right');
  });
});
