import { mkdirSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { QUEUE_KINDS } from '../../src/queue/registry.ts';
import { temporaryFolder } from '../helpers.ts';
import { load, problem } from './load.ts';

const PRESET = 'presets:\n  toy: {cwd: CWD, argv: [python, -m, toy], queues: [NAMES]}\n';

describe('queues:', () => {
  it('left out, is the xax of this host under the name of the host, with what no name may hold as dashes', () => {
    const name = (yaml: string | null) => load(yaml, { XAX_HOME: '/q' }).queues;
    expect(name(null)).toMatchObject([
      { name: hostname().replace(/[^A-Za-z0-9._-]/g, '-'), kind: { name: 'xax' }, settings: { home: '/q' } },
    ]);
    expect(name('host: "gpu 1/b"\n')).toMatchObject([{ name: 'gpu-1-b' }]);
  });

  it('names each with its kind and its settings; a folder is relative to the yaml, one that is left out is as xax finds it', () => {
    const config = load(
      `queues:
  - {name: gpu-01}
  - {name: gpu-02, kind: xax, home: project/xax, bin: /bin/sh}
  - {name: tilde, home: ~/xax}
  - {name: practice, kind: simulated, script: empty}
`,
      { XAX_HOME: '/q', XAXBOT_DATA_DIR: '/data' },
    );
    const [first, second, third, fourth] = config.queues;
    expect(first).toMatchObject({ name: 'gpu-01', kind: { name: 'xax' }, settings: { home: '/q' } });
    expect(second!.settings).toEqual({
      home: expect.stringMatching(/\/project\/xax$/),
      xaxBin: '/bin/sh',
    });
    expect(third!.settings).toMatchObject({ home: expect.stringMatching(/^\/.*\/xax$/) });
    expect(fourth!.settings).toMatchObject({
      dataFolder: '/data/simulated/practice',
      script: { history: [], waiting: [], later: [] },
    });
    expect(config.xaxHome).toBe('/q');
  });

  it('keeps the log with the first that has a folder; where none has, in the folder of xax', () => {
    const practice = '{name: practice, kind: simulated}';
    const { xaxHome } = load(`queues: [${practice}, {name: b, home: /b}, {name: a, home: /a}]\n`);
    expect(xaxHome).toBe('/b');
    expect(load(`queues: [${practice}]\n`, { XAX_HOME: '/q' }).xaxHome).toBe('/q');
  });

  it.each([
    ['queues: [{name: a}, {name: A, home: /b}]\n', /line 1, queues\.1\.name: the queue A is given twice/],
    [
      'queues:\n  - {name: a, kind: xacks}\n',
      /line 2, queues\.0\.kind: there is no kind "xacks"; did you mean xax\? Accepted: xax, simulated/,
    ],
    [
      'queues:\n  - name: a\n    hom: /q\n',
      /line 3, queues\.0\.hom: no such key; did you mean home\? Accepted: host, ssh_config, home, bin, runs, name, kind/,
    ],
    [
      'queues:\n  - {name: a, kind: simulated, home: /q}\n',
      /queues\.0\.home: no such key.*Accepted: script, seed/,
    ],
    [
      'queues: [{name: a, kind: simulated, script: night}]\n',
      /queues\.0\.script: .*accepted: one of day, empty/,
    ],
    ...['127.0.0.1:9', '[::1]', 'ada@box:22', '-v', 'box true'].map((host): [string, RegExp] => [
      `queues:\n  - {name: a, host: "${host}"}\n`,
      /line 2, queues\.0\.host: has to be a host as ssh is given it: .*a port goes into ssh_config \(Port\)/,
    ]),
    [
      'queues:\n  - {name: a, kind: slurm, host: login-1}\n',
      /line 2, queues\.0\.host: Slurm's programs run on xaxbot's own host: run xaxbot on a login node/,
    ],
    ['queues: [{kind: xax}]\n', /queues\.0\.name: .*missing/],
    ['queues: [{name: a/b}]\n', /queues\.0\.name: letters, digits/],
    ['queues: [{name: "a@1"}]\n', /queues\.0\.name: letters, digits/],
    ['queues: []\n', /line 1, queues: .*not empty/],
    ['queues: {a: {kind: xax}}\n', /line 1, queues: is keys with values; accepted: a list/],
    [
      'queues: [{name: a, bin: /no/such/xax}]\n',
      /The queue a: bin is "\/no\/such\/xax", which does not exist/,
    ],
    [
      PRESET.replace('NAMES', 'gpu-9'),
      /line 2, presets\.toy\.queues\.0: there is no queue gpu-9; accepted: /,
    ],
    [
      `queues: [{name: a}]\n${PRESET.replace('NAMES', 'b')}`,
      /line 3, presets\.toy\.queues\.0: there is no queue b; accepted: a/,
    ],
    [
      'queues: [{name: a}]\nchannels:\n  - {id: x, queues: [a, b]}\n',
      /line 3, channels\.0\.queues\.1: there is no queue b; accepted: a/,
    ],
    [
      'queues: [{name: a}]\npeople:\n  ada: {role: admin, roles: {b: viewer}}\n',
      /line 3, people\.ada\.roles\.b: there is no queue b; accepted: a/,
    ],
    [
      'queues: [{name: a}]\ngroups:\n  lab: {role: viewer, slack: S012AB3CD, roles: {b: admin}}\n',
      /line 3, groups\.lab\.roles\.b: there is no queue b; accepted: a/,
    ],
    [
      'queues: [{name: a}]\nchannels:\n  - {id: x, roles: {a: own, b: own}}\n',
      /line 3, channels\.0\.roles\.b: there is no queue b; accepted: a/,
    ],
    [
      'queues: [{name: a}]\npeople:\n  ada: {role: admin, roles: {a: owner}}\n',
      /line 3, people\.ada\.roles\.a: is "owner"; accepted: one of viewer, agent, operator, admin/,
    ],
    [
      'queues: [{name: a}]\npeople:\n  ada: {role: admin}\n  c: {role: agent, roles: {a: operator}}\n',
      /line 4, people\.c\.roles\.a: is "operator"; accepted for somebody whose role is agent: viewer, agent/,
    ],
    [
      'people:\n  ada: {role: admin, roles: {a: viewer}}\n',
      /line 2, people\.ada\.roles: there is one queue without queues:, of which role says it/,
    ],
  ])('is refused as %j with the line, the key and what is accepted', (yaml, expected) => {
    expect(problem(yaml, { XAX_HOME: '/q' })).toMatch(expected);
  });

  it('is refused where two are read from one folder, whatever its name', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'xax'));
    symlinkSync(join(folder, 'xax'), join(folder, 'link'));
    const yaml = `queues: [{name: a, home: ${folder}/xax}, {name: b, home: ${folder}/link}]\n`;
    expect(problem(yaml)).toMatch(/The queues a and b are both read from .*link/);
  });

  it.each(['box', 'ada@box.lab', 'ada@10.0.0.7', '::1', 'ada@fe80::1%eth0'])(
    'is on %s, as ssh takes it',
    (host) => {
      const { queues } = load(`queues: [{name: a, host: "${host}"}]\n`);
      expect(queues[0]!.settings).toMatchObject({ place: { host } });
    },
  );

  it('is refused where two are one elsewhere', () => {
    const both = (queue: string) => `queues: [{name: a, ${queue}}, {name: b, ${queue}}]\n`;
    expect(problem(both('kind: slurm'))).toMatch(/The queues a and b are both read from Slurm/);
    expect(problem(both('host: box'))).toMatch(/The queues a and b are both read from .* on box/);
  });

  it('tells what is wrong with each of them at once', () => {
    const told = problem('queues: [{name: a, home: /a, bin: /no/1}, {name: b, home: /b, bin: /no/2}]\n');
    expect(told).toMatch(/The queue a: .*\/no\/1[\s\S]*The queue b: .*\/no\/2/);
  });

  it('accepts a preset for the queues that it names', () => {
    const yaml = `queues: [{name: a, home: /a}, {name: b, home: /b}]\n${PRESET.replace('NAMES', 'b')}`;
    expect(load(yaml).presets[0]!.queues).toEqual(['b']);
    expect(load(yaml.replace(', queues: [b]', '')).presets[0]!.queues).toBeUndefined();
  });

  it('refuses a preset for a queue on which nothing can be launched', () => {
    const reading = { ...QUEUE_KINDS[0]!, name: 'reading', capabilities: [] };
    const yaml = `queues: [{name: a, kind: reading, home: /a}]\n${PRESET.replace('NAMES', 'a')}`;
    expect(problem(yaml, {}, {}, { queueKinds: [...QUEUE_KINDS, reading] })).toMatch(
      /presets\.toy\.queues\.0: nothing can be queued from here on a, of the kind reading/,
    );
  });
});
