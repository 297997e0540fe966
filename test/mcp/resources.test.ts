import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, temporaryFolder } from '../helpers.ts';
import { BOB, type ToyBot, toyBot, WITH_OPTIMIZER } from '../toy-bot.ts';
import { connectedTo } from './program.ts';

const SECRET = `ghp_${'a1'.repeat(15)}`;

const folder = temporaryFolder();
let world: ToyBot;
let client: Client;
let job: string;

const read = async (uri: string) => {
  const { contents } = await client.readResource({ uri });
  expect(contents).toHaveLength(1);
  return contents[0] as { uri: string; mimeType: string; text: string };
};

beforeAll(async () => {
  world = await toyBot({ folder, launchedSeconds: 60 });
  await world.ask('session new "lr study" metric=value/loss mode=min');
  await world.ask('plan toy hypothesis="of the other session" name=other');
  await world.ask('session new study metric=value/loss mode=min');
  await world.ask(`plan toy hypothesis="lower is smoother ${SECRET}" name=base`);
  job = (await world.enqueue(0.3, { learning_rate: '0.003', 'wandb.api_key': 'hunter2' })).jobId;
  await world.heardOfEnd(job);
  ({ client } = await connectedTo(folder));
});
afterAll(async () => {
  await client.close();
  await world.stop();
});

describe('the resources of an agent', () => {
  it('are listed, each with its kind, and the rest as templates', async () => {
    const { resources } = await client.listResources();
    expect(resources.map(({ uri, mimeType }) => [uri, mimeType])).toEqual([
      ['xaxbot://report', 'text/markdown'],
      ['xaxbot://experiment-log', 'text/csv'],
    ]);
    for (const { uri, mimeType } of resources) expect(await read(uri)).toMatchObject({ uri, mimeType });
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'xaxbot://report/{session}',
      'xaxbot://experiment-log/{session}',
      'xaxbot://jobs/{job}/log',
      'xaxbot://jobs/{job}/config',
    ]);
  });

  it('say what the session in use or a named one holds, with secrets hidden', async () => {
    const log = await read('xaxbot://experiment-log');
    expect(log.text).toMatch(/^experiment_id,parent_experiment_id,/);
    expect(log.text).toContain('lower is smoother (hidden)');
    expect(log.text).not.toContain(SECRET);
    const other = await read('xaxbot://experiment-log/lr%20study');
    expect(other.text).toContain('of the other session');
    expect(other.text).not.toContain('lower is smoother');
    const report = await read('xaxbot://report/lr%20study');
    expect(report.text).toMatch(/^# Experiment Monitor Report/);
    expect((await read('xaxbot://report')).text).not.toContain(SECRET);
  });

  it('write nothing and tell nobody', async () => {
    const before = (await world.channel()).length;
    await read('xaxbot://report');
    expect(await world.channel()).toHaveLength(before);
  });

  it('say what a run printed and what it ran with', async () => {
    const log = await read(`xaxbot://jobs/${job}/log`);
    expect([log.mimeType, log.text]).toEqual(['text/plain', expect.stringMatching(/\S/)]);
    expect((await read('xaxbot://jobs/last/log')).text).toBe(log.text);
    const config = await read(`xaxbot://jobs/${job}/config`);
    expect(config.text).toMatch(/^learning_rate: 0\.003$/m);
    expect(config.text).not.toContain('hunter2');
  });

  it.each([
    'xaxbot://nothing',
    'xaxbot://report/none',
    'xaxbot://report/a/b',
    'xaxbot://report/%E0%A4',
    'xaxbot://jobs/4711/log',
    'xaxbot://jobs/last/secrets',
    'xaxbot://jobs//log',
    'file:///etc/passwd',
    `xaxbot://jobs/${'x'.repeat(5_000)}/log`,
  ])('are not there for %s', async (uri) => {
    await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32_002 });
  });
});

it("what a refusal would tell in words of others stands in a tool's answer only", async () => {
  await expect(client.readResource({ uri: 'xaxbot://report/lr%20studi' })).rejects.toThrow(
    /xaxbot:\/\/report\/lr%20studi cannot be read \([a-z-]+\): the tool "report" says more\.$/,
  );
});

describe('the prompt of an agent', () => {
  it('is the loop, in the session and with the goal that are named', async () => {
    const { prompts } = await client.listPrompts();
    expect(prompts).toMatchObject([
      { name: 'experiment_loop', arguments: [{ name: 'session' }, { name: 'goal' }] },
    ]);
    const said = async (given: Record<string, string>) => {
      const { messages } = await client.getPrompt({ name: 'experiment_loop', arguments: given });
      expect(messages.map(({ role }) => role)).toEqual(['user']);
      return (messages[0]!.content as { text: string }).text;
    };
    const usual = await said({});
    expect(usual).toContain("Session: the one in use. Goal: the session's objective and target.");
    for (const step of ['Baseline', 'Monitor', 'Analyze', 'Propose', 'Repeat']) expect(usual).toContain(step);
    expect(await said({ session: 'study', goal: 'loss below 0.2' })).toMatch(
      /Session: study\. Goal: loss below 0\.2\./,
    );
  });

  it('names only tools that there are', async () => {
    const { messages } = await client.getPrompt({ name: 'experiment_loop' });
    const names = [...(messages[0]!.content as { text: string }).text.matchAll(/"([a-z_]+)"/g)].map(
      ([, name]) => name!,
    );
    const { tools } = await client.listTools();
    expect(names.filter((name) => !tools.some((tool) => tool.name === name))).toEqual([]);
    expect(names.length).toBeGreaterThan(8);
  });

  it('is refused for another name or argument', async () => {
    await expect(client.getPrompt({ name: 'other' })).rejects.toThrow(/no prompt "other"/);
    await expect(client.getPrompt({ name: 'experiment_loop', arguments: { gaol: 'x' } })).rejects.toThrow(
      /takes session and goal, not "gaol"/,
    );
  });
});

describe('the list of tools', () => {
  it('is said to have changed when the bot is started anew with other presets, and not when nothing has', async () => {
    const settingsOf = async () => {
      const { tools } = await client.listTools();
      const { settings } = tools.find(({ name }) => name === 'queue')!.inputSchema.properties as {
        settings: { properties: object };
      };
      return Object.keys(settings.properties);
    };
    let told = 0;
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      told += 1;
    });
    expect(await settingsOf()).toEqual(['learning_rate']);
    await world.restart({});
    await eventually(
      'the bot answers',
      async () => (await client.callTool({ name: 'status', arguments: {} })).isError !== true,
    );
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(told).toBe(0);
    await world.restart({ settings: { ...WITH_OPTIMIZER, agents: { may_propose: ['kill'] } } });
    await eventually('it is told', () => told === 1);
    expect(await settingsOf()).toEqual(['learning_rate', 'optimizer']);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('kill');
    expect((await world.ask('presets', BOB)).ok).toBe(true);
  });
});
