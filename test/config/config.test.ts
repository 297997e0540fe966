import { describe, expect, it } from 'vitest';
import type { BotError } from '../../src/core/errors.ts';
import { checkAssignments, commandText, findPreset } from '../../src/launch/check.ts';
import { run } from '../../src/processes/run.ts';
import { load, problem, xaxOf } from './load.ts';

const PRESETS = `presets:
  toy:
    cwd: CWD
    argv: [python, -m, examples.toy]
    options:
      learning_rate: {type: number, min: 0.00001, max: 1, default: 0.01}
      hidden_dim: {type: integer, min: 1}
      optimizer: {type: choice, choices: [adam, sgd]}
      debug: {type: boolean}
    allow_extra: [max_steps]
`;

describe('settings', () => {
  it('hold without any file: one person, one channel, loopback', () => {
    const config = load(null, { USER: 'ada' });
    expect(config.people).toMatchObject([{ role: 'admin' }]);
    expect(config.channels).toMatchObject([{ id: 'queue', board: true }]);
    expect(config.adapters.get('web')!.settings).toEqual({
      host: '127.0.0.1',
      port: 8787,
      publicOrigin: null,
    });
    expect(config.configPath).toBeNull();
  });

  it("find the queue's folder as xax itself does", () => {
    expect(xaxOf(load(null, { XAX_HOME: '/q/home' })).home).toBe('/q/home');
    expect(xaxOf(load(null, { XAXRC_PATH: '/etc/xax/config.yml' })).home).toBe('/etc/xax');
    expect(xaxOf(load(null, { XAXRC_PATH: '/etc/xax' })).home).toBe('/etc/xax');
    expect(xaxOf(load(null)).home).toMatch(/\/\.xax$/);
  });

  it('come from .env too, below the real environment, and reach no child process', () => {
    const config = load(
      null,
      {
        XAXBOT_WEB_PORT: '9001',
        SLACK_BOT_TOKEN: 'xoxb-secret',
        SLACK_APP_TOKEN: 'xapp-secret',
        HF_TOKEN: 'kept',
      },
      { '.env': 'XAXBOT_WEB_PORT=9002\nXAX_HOME=/from/dotenv\n' },
    );
    expect(config.adapters.get('web')!.settings).toMatchObject({ port: 9001 });
    expect(xaxOf(config).home).toBe('/from/dotenv');
    expect(Object.keys(config.childEnv).filter((name) => /^(XAXBOT_|SLACK_)/.test(name))).toEqual([]);
    expect(config.childEnv.HF_TOKEN).toBe('kept');
  });

  it('are refused with the line, the key and what is accepted', () => {
    expect(problem('kil:\n  grace_seconds: 3\n')).toMatch(/line 1, kil: no such key; did you mean kill\?/);
    expect(problem('host: g1\nkill:\n  grace_seconds: ten\n')).toMatch(
      /line 3, kill\.grace_seconds: .*number/,
    );
    expect(problem('kill:\n  grace_seconds: -5\n')).toMatch(/line 2, kill\.grace_seconds/);
    expect(problem('timezone: Mars/Olympus\n')).toMatch(/line 1, timezone: is no time zone/);
    expect(problem('export:\n  schedule: sometimes\n')).toMatch(
      /line 2, export\.schedule: a cron expression/,
    );
    expect(problem('people:\n  ada: {role: emperor}\n')).toMatch(/line 2, people\.ada\.role/);
    expect(problem('people:\n  ada: {role: viewer}\n')).toMatch(/nobody has the role admin/);
    expect(problem('host: [unclosed\n')).toMatch(/line \d/);
    expect(problem('channels:\n  - id: a\n  - id: a\n')).toMatch(/channel web a is given twice/);
    expect(problem(PRESETS.replace('default: 0.01', 'default: 7'))).toMatch(
      /line 6, presets\.toy\.options\.learning_rate\.default: .*from 0.00001 to 1/,
    );
    expect(problem(PRESETS.replace('choices: [adam, sgd]', 'min: 1'))).toMatch(/a choice needs its choices/);
    expect(problem(PRESETS.replace('examples.toy]', 'examples.toy, --launcher, single]'))).toMatch(
      /adds --launcher itself/,
    );
  });

  it('of chat platforms are refused where a token, an address or an id cannot be right', () => {
    const slack = (more: NodeJS.ProcessEnv) => () =>
      load(null, { SLACK_BOT_TOKEN: 'xoxb-1-a', SLACK_APP_TOKEN: 'xapp-1-a', ...more });
    expect(slack({})().adapters.get('slack')!.settings).toEqual({
      botToken: 'xoxb-1-a',
      appToken: 'xapp-1-a',
      apiUrl: undefined,
    });
    expect(slack({ SLACK_APP_TOKEN: '' })).toThrow('SLACK_BOT_TOKEN is set, but SLACK_APP_TOKEN is not');
    expect(slack({ SLACK_BOT_TOKEN: 'xapp-1-a' })).toThrow(/^SLACK_BOT_TOKEN is not a valid token\.$/);
    expect(slack({ SLACK_API_URL: 'http://slack.example/api/' })).toThrow('SLACK_API_URL is');
    expect(
      slack({ SLACK_API_URL: 'http://127.0.0.1:1/api/' })().adapters.get('slack')!.settings,
    ).toMatchObject({ apiUrl: expect.stringContaining('127.0.0.1') });
    expect(load(null, { DISCORD_TOKEN: 'a.b.c' }).adapters.get('discord')!.settings).toMatchObject({
      token: 'a.b.c',
      commands: 'guild',
    });

    const channel = (lines: string) => problem(`channels:\n  - platform: ${lines}`);
    expect(channel('slack\n    id: general\n')).toMatch(/line 3, channels\.0\.id: a channel id of Slack/);
    expect(channel('discord\n    id: 123456789012345678\n')).toMatch(/line 3, .*in quotes/);
    expect(channel('slack\n')).toMatch(/channels\.0.*is missing/);
    expect(channel('irc\n    id: x\n')).toMatch(/line 2, channels\.0\.platform/);
    expect(
      problem('people:\n  ada: {role: admin, slack: U012AB3CD}\n  bob: {role: viewer, slack: U012AB3CD}\n'),
    ).toMatch(/line 3, people\.bob\.slack: U012AB3CD already belongs to ada/);
  });

  it('keep a channel of the web chat beside those of other platforms', () => {
    const { channels } = load(
      'channels:\n  - {platform: slack, id: C012AB3CD, endings: broadcast, members: none}\n',
    );
    expect(channels.map(({ adapter, id }) => `${adapter} ${id}`)).toEqual(['web queue', 'slack C012AB3CD']);
    expect(channels[1]).toMatchObject({ broadcastsEndings: true, members: null, capturesThreads: false });
  });

  it('name every problem at once', () => {
    expect(
      problem('kil: {}\nhots: x\n')
        .split('\n')
        .filter((line) => line.includes('no such key')),
    ).toHaveLength(2);
  });

  it('are refused for what the environment gets wrong', () => {
    expect(problem('', { XAXBOT_WEB_PORT: 'eighty' })).toMatch(/XAXBOT_WEB_PORT is "eighty".*0 to 65535/);
    expect(problem('', { LOG_LEVEL: 'loud' })).toMatch(/LOG_LEVEL is "loud".*info/);
    expect(problem('', { XAX_BIN: '/no/such/xax' })).toMatch(/XAX_BIN/);
    expect(problem('', { XAXBOT_CONFIG: '/no/such.yaml' })).toMatch(/\/no\/such\.yaml cannot be read/);
  });
});

describe('what a preset lets through', () => {
  const [toy] = load(PRESETS).presets;
  const refusal = (given: Record<string, string>) => {
    try {
      return String(JSON.stringify(checkAssignments(toy!, given)));
    } catch (error) {
      return `${(error as BotError).message} ${(error as BotError).hint}`;
    }
  };

  it('fills in defaults and keeps numbers as they were written', () => {
    expect(checkAssignments(toy!, { hidden_dim: '64', learning_rate: '3e-4', max_steps: '100' })).toEqual({
      learning_rate: '3e-4',
      hidden_dim: '64',
      max_steps: '100',
    });
    expect(checkAssignments(toy!, { debug: 'yes' })).toEqual({ learning_rate: '0.01', debug: 'true' });
  });

  it('refuses what is out of range, of another type, unknown, or would be expanded', () => {
    expect(refusal({ learning_rate: '7' })).toMatch(
      /learning_rate is "7"; accepted: a number from 0.00001 to 1/,
    );
    expect(refusal({ hidden_dim: '1.5' })).toMatch(/a whole number from 1/);
    expect(refusal({ optimizer: 'lion' })).toMatch(/one of adam, sgd/);
    expect(refusal({ learning_rte: '0.1' })).toMatch(/no option learning_rte.*mean learning_rate/);
    expect(refusal({ learning_rate: '${oc.env:HOME}' })).toMatch(/xax would expand it/);
    expect(refusal({ launcher: 'single' })).toMatch(/cannot be set from chat/);
  });

  it('is found by name, with the nearest named', () => {
    expect(() => findPreset([toy!], 'toi')).toThrow(/no preset "toi"/);
    expect(() => findPreset([], 'toy')).toThrow(/No preset is declared/);
    expect(() => findPreset([], 'toy')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('init --project FOLDER') }),
    );
  });

  it('is shown as a command that a shell reads as what is run', async () => {
    const words = commandText(toy!, { optimizer: "o'n", debug: 'true', note: 'a $b "c" #d', tag: '1.10' });
    const argv = ['sh', '-c', `printf '%s\\n' ${words}`];
    const { stdout } = await run({ argv, env: {}, timeoutMs: 20_000, maxOutputBytes: 10_000 });
    expect(stdout.toString('utf8').trimEnd().split('\n').slice(-4)).toEqual([
      "optimizer=o'n",
      'debug=true',
      `note='a $b "c" #d'`,
      "tag='1.10'",
    ]);
    expect(words).toMatch(/ tag="'1\.10'"$/);
  });

  it('is shown as a command that nobody runs', () => {
    expect(commandText(toy!, { name: "it's" }, 2)).toBe(
      "python -m examples.toy --launcher queued --queue-position 2 'name=it'\\''s'",
    );
  });
});
