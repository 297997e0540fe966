import { describe, expect, it } from 'vitest';
import { differences } from '../../src/config/differences.ts';
import { load } from './load.ts';

/** What changes between two texts of xaxbot.yaml, and two environments. */
function changes(before: string, after: string, env: [NodeJS.ProcessEnv, NodeJS.ProcessEnv] = [{}, {}]) {
  return differences(load(before, env[0]).statements, load(after, env[1]).statements);
}

const ADA = 'people:\n  ada: {role: admin}\n';

describe('the differences of two settings', () => {
  it('are named by their keys, with the old and the new value', () => {
    expect(
      changes(
        `${ADA}  bob: {role: operator, slack: U012AB3CD}\nhost: g1\nkill: {grace_seconds: 5}\n`,
        `${ADA}  bob: {role: viewer, slack: U012AB3CD}\nhost: g2\nkill: {grace_seconds: 30}\n`,
      ).live,
    ).toEqual(['host: g1 → g2', 'kill.grace_seconds: 5 → 30', 'people.bob.role: operator → viewer']);
  });

  it('tell of whoever and whatever came and went as one each', () => {
    expect(
      changes(
        `${ADA}  bob: {role: operator}\nwatch: {rules: [{name: hot, when: above, value: 3, tag: t}]}\n`,
        `${ADA}  eve: {role: viewer, name: Eve}\nchannels: [{id: jobs, tasks: [a, b]}]\n`,
      ).live,
    ).toEqual([
      'watch.rules.hot: removed',
      'people.bob: removed',
      'people.eve: new, name Eve, role viewer',
      'channels.web jobs: new, board true, tasks a, b, endings thread, capture_threads false',
    ]);
  });

  it('of many values of one thing say how many, and of long ones the beginning', () => {
    const preset = (values: string) =>
      `presets: {toy: {cwd: /, argv: [python], options: {${'abcde'
        .split('')
        .map((key) => `${key}: {type: text, default: ${values}}`)
        .join(', ')}}}}\n`;
    const [first, second, ...more] = changes(preset('one'), preset('o'.repeat(200))).live;
    expect(first).toBe(`presets.toy.options.a.default: one → ${'o'.repeat(39)}…`);
    expect([second!.slice(0, 27), more]).toEqual([
      'presets.toy.options.b.defau',
      ['presets.toy: 3 more values'],
    ]);
    const [made] = changes(ADA, ADA + preset('one')).live;
    expect(made).toMatch(/^presets\.toy: new, .{63}…$/);
  });

  it('show no secret, of a preset or of a variable', () => {
    const preset = (value: string) =>
      `presets: {toy: {cwd: /, argv: [python], options: {api_key: {type: text, default: ${value}}}}}\n`;
    const told = changes(preset('first-secret-value'), preset('other-secret-value'), [
      { SLACK_BOT_TOKEN: 'xoxb-1234567890-first', SLACK_APP_TOKEN: 'xapp-1-A-1-a' },
      { SLACK_BOT_TOKEN: 'xoxb-1234567890-other', SLACK_APP_TOKEN: 'xapp-1-A-1-a' },
    ]);
    expect(told).toEqual({
      live: ['presets.toy.options.api_key.default: changed'],
      fixed: ['SLACK_BOT_TOKEN: changed'],
    });
  });

  it('know what takes a restart: queues, sections of platforms, and every variable', () => {
    const told = changes(
      'host: g1\nqueues: [{name: a}]\n',
      'host: g2\nqueues: [{name: b}]\ndiscord: {commands: global}\n',
      [{ XAXBOT_WEB_PORT: '8787' }, { XAXBOT_WEB_PORT: '9000' }],
    );
    expect(told.live).toEqual(['host: g1 → g2']);
    expect(told.fixed).toEqual([
      'discord.commands: guild → global',
      'queues.a: removed',
      'XAXBOT_WEB_PORT: 8787 → 9000',
      'queues.b: new, kind xax',
    ]);
  });

  it('of the host alone are of no queue: the one that has no name of its own keeps what it was called', () => {
    expect(changes('host: g1\n', 'host: g2\n')).toEqual({ live: ['host: g1 → g2'], fixed: [] });
  });

  it('are none where only the form of the text changed', () => {
    expect(changes(ADA, `# a comment\n${ADA.replace('{role: admin}', '\n    role: "admin"')}`)).toEqual({
      live: [],
      fixed: [],
    });
  });
});
