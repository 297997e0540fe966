import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askAgentSettings, askRunningBot } from '../../adapters/terminal/client.ts';
import { SOCKET_NAME } from '../../adapters/terminal/protocol.ts';
import { createSettings, type SettingsNews } from '../../src/app/settings.ts';
import { startBot } from '../../src/cli/bot.ts';
import { openQueues } from '../../src/cli/queues.ts';
import type { Reply } from '../../src/core/adapter.ts';
import { createMask } from '../../src/core/masked.ts';
import type { Message } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { followFiles } from '../../src/files/follow-file.ts';
import { enterWeb, testConfig } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import { createWebClient, type WebClient } from '../web-client.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));
const PEOPLE = 'people:\n  ada: {role: admin, unix: root}\n  bob: {role: operator}\n';
const QUEUE = 'host: g1\nqueues: [{name: q, kind: simulated, script: empty}]\n';

/** A bot whose settings are looked at when a test says so. */
async function startLive(yaml: string) {
  const folder = temporaryFolder();
  const load = () => testConfig({ folder, home: folder });
  const path = join(folder, 'xaxbot.yaml');
  writeFileSync(path, yaml);
  const first = load();
  const news: SettingsNews[] = [];
  let hear: ((told: SettingsNews) => void) | undefined;
  const settings = createSettings({
    first,
    load,
    onNews(told) {
      news.push(told);
      hear?.(told);
    },
    mask: createMask([]),
    clock: Date.now,
    log: quietLog,
  });
  const running = await startBot(first, await openQueues(first, quietLog), quietLog, { settings });
  hear = running.app.hearSettings;
  return {
    ...running,
    news,
    path,
    change(text: string) {
      writeFileSync(path, text);
      settings.look();
    },
    look: settings.look,
    settingsHealth: () => running.app.health().find(({ name }) => name === 'settings')!,
  };
}

let bot: Awaited<ReturnType<typeof startLive>>;

beforeEach(async () => {
  bot = await startLive(QUEUE + PEOPLE);
});

afterEach(() => bot.app.stop());

/** Resolves when nothing more comes, in whatever way that ends. */
async function ended(stream: ReadableStreamDefaultReader): Promise<void> {
  while (!(await stream.read().catch(() => ({ done: true }))).done);
}

/** What the page of somebody is told that it is. */
async function stateOf(person: string) {
  const client = await enterWeb(bot, person);
  return client.get<{ hostLabel: string; me: { role: string } }>('state');
}

/** What stands in the web chat's channel, or in somebody's own. */
async function said(channel = 'queue', person = 'ada'): Promise<string> {
  const client = await enterWeb(bot, person);
  const { messages } = await client.get<{ messages: { message: Message }[] }>(`messages?channel=${channel}`);
  return messages.map(({ message }) => plainText(message)).join('\n');
}

describe('settings that are changed while the bot runs', () => {
  it('are in force at once, and told once with what changed', async () => {
    bot.change(`${QUEUE.replace('g1', 'g9')}${PEOPLE}  eve: {role: viewer}\n`);
    bot.look();
    expect(bot.news.map(({ kind }) => kind)).toEqual(['taken']);
    expect((await stateOf('eve')).hostLabel).toBe('g9');
    const text = await eventually('it is told', async () => {
      const all = await said();
      return all.includes('Settings changed') && all;
    });
    expect(text).toContain('host: g1 → g9');
    expect(text).toContain('people.eve: new, role viewer');
    expect(text.match(/Settings changed/g)).toHaveLength(1);
  });

  it('of every kind that needs no restart reach whoever asks', async () => {
    const client = await enterWeb(bot, 'ada');
    const says = async (words: string) => {
      const { reply } = await client.post<{ reply: Reply }>('say', {
        channel: 'queue',
        text: `/xax ${words}`,
      });
      return plainText(reply.message);
    };
    bot.change(
      [
        QUEUE,
        PEOPLE,
        'timezone: Asia/Kolkata',
        'channels: [{id: queue}, {id: jobs, title: Jobs}]',
        'presets: {toy: {cwd: /, argv: [python, -m, toy.Toy], options: {lr: {type: number}}}}',
        'watch: {rules: [{name: hot, when: above, tag: value/heat, value: 3}]}',
        'session: {name: second, objective: {metric: value/loss, mode: min}, budget: {runs: 4}}',
        '',
      ].join('\n'),
    );
    expect(await says('presets')).toContain('toy');
    expect(await says('watch')).toContain('hot');
    expect(await says('session')).toMatch(/second[\s\S]*value\/loss/);
    await eventually('the new channel has its board', async () => (await said('jobs')).includes('Queue q'));
    bot.change(QUEUE + PEOPLE);
    expect(await says('presets')).not.toContain('toy');
    expect((await client.ask('api/messages?channel=jobs')).status).toBe(404);
  });

  it('are kept as they were where a file cannot be used, which is told once and shown by health', async () => {
    const broken = `${QUEUE}people:\n  ada: {role: boss}\n`;
    bot.change(broken);
    bot.look();
    expect(bot.news).toEqual([
      { kind: 'refused', problem: expect.stringContaining('line 4, people.ada.role') },
    ]);
    expect(bot.settingsHealth()).toMatchObject({ ok: false, detail: expect.stringContaining('line 4') });
    expect((await stateOf('bob')).me.role).toBe('operator');
    const text = await eventually('the admin is told', async () => {
      const all = await said('dm:ada');
      return all.includes('cannot be used') && all;
    });
    expect(text).toContain('line 4, people.ada.role');
    bot.change(QUEUE + PEOPLE);
    expect(bot.settingsHealth().ok).toBe(true);
    expect(bot.news).toHaveLength(1);
  });

  it('are kept where the file is gone or was emptied', () => {
    bot.change('');
    expect(bot.settingsHealth()).toMatchObject({
      ok: false,
      detail: expect.stringContaining('is gone or empty'),
    });
    rmSync(bot.path);
    bot.look();
    expect(bot.app.roles()).toContain('bob is operator');
  });

  it('name what takes a restart in the same message, and health goes on doing so', async () => {
    bot.change(`${QUEUE.replace('script: empty', 'script: empty, seed: 7').replace('g1', 'g2')}${PEOPLE}`);
    const text = await eventually('it is told', async () => {
      const all = await said();
      return all.includes('after a restart') && all;
    });
    expect(text).toContain('host: g1 → g2');
    expect(text).toContain('queues.q.seed: 20261123 → 7');
    expect(bot.settingsHealth()).toMatchObject({
      ok: true,
      detail: expect.stringContaining('after a restart'),
    });
    // A queue that is not there yet is none.
    bot.change(`${QUEUE.replace('name: q', 'name: p')}${PEOPLE}`);
    expect(bot.app.health().map(({ name }) => name)).toContain('queue');
  });
});

it('a terminal asks the running bot whatever its own xaxbot.yaml has become, and shows times in its zone', async () => {
  bot.change(`timezone: Asia/Kolkata\n${QUEUE}${PEOPLE}`);
  const folder = dirname(bot.path);
  writeFileSync(bot.path, 'people: [\n');
  const { PATH } = process.env;
  const env = { PATH, HOME: folder, XAXBOT_DATA_DIR: join(folder, 'data') };
  for (const [words, said] of [
    [['health'], /simulated/],
    [['web-link', 'ada'], /#enter=/],
  ] as const) {
    const child = spawn(process.execPath, [PROGRAM, ...words], { cwd: folder, env });
    expect(await text(child.stdout)).toMatch(said);
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(0);
  }
  const ofWhom = spawn(process.execPath, [PROGRAM, 'web-link'], { cwd: folder, env });
  expect(await text(ofWhom.stderr)).toMatch(/There are ada, bob\. Name whose link it is to be/);
  const zones: string[] = [];
  const socket = join(folder, 'data', SOCKET_NAME);
  await askRunningBot(socket, { argv: ['health'], yes: false }, (_reply, zone) => zones.push(zone));
  expect(zones).toEqual(['Asia/Kolkata']);
  const { agents } = await askAgentSettings(socket, 10_000);
  expect(agents).toEqual([]);
});

describe('somebody whom the settings give less', () => {
  it('loses the chat where they are no longer in them: what is open ends, and nothing lets them in again', async () => {
    const client = await enterWeb(bot, 'bob');
    const link = bot.web!.createLink('bob');
    const stream = (await client.ask('api/stream?after=0')).body!.getReader();
    bot.change(`${QUEUE}people:\n  ada: {role: admin, unix: root}\n`);
    await ended(stream);
    expect((await client.ask('api/state')).status).toBe(401);
    expect((await createWebClient(bot.web!.url()).enter(link)).ok).toBe(false);
    expect(() => bot.web!.createLink('bob')).toThrow('nobody called');
    // Somebody else may have that name now.
    bot.change(QUEUE + PEOPLE);
    expect((await client.ask('api/state')).status).toBe(401);
  });
});

describe('what waits for an answer', () => {
  const CLAUDE = '  claude: {role: agent}\n';
  const asked = (client: WebClient, command: string, options: Record<string, string>) =>
    client.post<{ reply: Reply }>('act', { channel: 'queue', command, options });

  it('is answered by who may answer now: a yes to a question, and the approval of a proposal', async () => {
    bot.change(`${QUEUE}${PEOPLE.replace('operator', 'admin')}${CLAUDE}`);
    const client = await enterWeb(bot, 'bob');
    const question = await client.post<{ reply: Reply }>('say', {
      channel: 'queue',
      text: '/xax observer stop',
    });
    expect(question.reply.errorCode).toBe('needs-confirmation');
    const proposal = await proposed('watch add above value/loss 5');
    bot.change(`${QUEUE}${PEOPLE.replace('operator', 'viewer')}${CLAUDE}`);
    const { token } = question.reply.data as { token: string };
    expect((await asked(client, 'confirm', { token })).reply.errorCode).toBe('not-allowed');
    expect((await asked(client, 'approve', { proposal })).reply.errorCode).toBe('not-allowed');
    bot.change(`${QUEUE}${PEOPLE}`);
    const { reply } = await asked(await enterWeb(bot, 'ada'), 'approve', { proposal });
    expect(plainText(reply.message)).toContain('no longer an agent');
  });

  /** The number of what the agent proposes. */
  async function proposed(words: string): Promise<string> {
    let last: Reply | undefined;
    const person = { id: 'claude', name: 'claude', role: 'agent' as const };
    await bot.app.handlers.invoke(
      { adapter: 'mcp', channel: 'mcp', person, input: { kind: 'text', words } },
      async (reply) => {
        last = reply;
      },
    );
    return String((last!.data as { proposal: number }).proposal);
  }
});

it('a file that is being written, or replaced, is one change', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'xaxbot.yaml');
  writeFileSync(path, 'host: a\n');
  let changes = 0;
  const counting = () => {
    changes += 1;
  };
  const following = followFiles([path], counting, { everyMs: 50 });
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  try {
    await pause(150);
    for (let part = 0; part < 8; part += 1) {
      writeFileSync(path, `host: b${part}\n`);
      await pause(20);
    }
    writeFileSync(`${path}.new`, 'host: c\n');
    renameSync(`${path}.new`, path);
    await eventually('it is told', () => changes > 0);
    await pause(200);
    expect(changes).toBe(1);
  } finally {
    following.stop();
  }
});
