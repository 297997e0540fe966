import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { usableConfig } from '../../src/config/config.ts';
import { temporaryFolder } from '../helpers.ts';

function usable(yaml: string, env: NodeJS.ProcessEnv = {}) {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, 'project'));
  writeFileSync(join(cwd, 'xaxbot.yaml'), yaml);
  const { config, problems } = usableConfig({ env: { HOME: cwd, ...env }, cwd });
  return { config, told: problems.map(({ message }) => message.replaceAll(`${cwd}/`, '')) };
}

const RIGHT = '{cwd: project, argv: [python, -m, toy]}';

describe('settings of which something is wrong', () => {
  it('are used as far as they are right, and every mistake is told with its line', () => {
    const { config, told } = usable(
      `host: g1\npresets:\n  toy: ${RIGHT}\n  bad: {cwd: project, argv: []}\npeple: {}\nkill: {grace_seconds: soon}\n`,
      { LOG_LEVEL: 'loud', XAXBOT_WEB_PORT: '9000' },
    );
    expect(config.hostLabel).toBe('g1');
    expect(config.presets.map(({ name }) => name)).toEqual(['toy']);
    expect(config.adapters.get('web')?.settings).toMatchObject({ port: 9000 });
    expect(told).toEqual([
      expect.stringMatching(
        /^xaxbot\.yaml cannot be used:\n {2}line 4, presets\.bad\.argv: .*\n {2}line 5, peple: .*did you mean people\?.*\n {2}line 6, kill\.grace_seconds: /,
      ),
      'LOG_LEVEL is "loud".',
    ]);
  });

  it.each([
    ['no YAML', 'host: "g1\nfoo', /line 2: .*the closing " is missing/],
    ['a list', '- host: g1', /cannot be used/],
    ['a text', 'host', /cannot be used/],
  ])('that are %s leave the defaults', (_what, yaml, says) => {
    const { config, told } = usable(yaml);
    expect(config.presets).toEqual([]);
    expect(config.queues).toHaveLength(1);
    expect(told).toEqual([expect.stringMatching(says)]);
  });

  it('name a folder of a preset that only another host may have, which is no mistake here', () => {
    const { config, told } = usable(
      `queues: [{name: far, host: box}]\npresets:\n  toy: {cwd: /data/only-there, argv: [~/venv/bin/python], queues: [far]}\n`,
    );
    expect(told).toEqual([]);
    expect(config.presets).toMatchObject([{ cwd: '/data/only-there', argv: ['~/venv/bin/python'] }]);
  });
});
