import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import type { Preset } from '../../src/core/preset.ts';
import { checkAssignments } from '../../src/launch/check.ts';
import { temporaryFolder } from '../helpers.ts';
import { load, problem } from './load.ts';

const preset = (options: string, more = '') =>
  `presets:\n  toy:\n    cwd: CWD\n    argv: [python, -m, toy]\n    options:\n${options
    .split('\n')
    .map((line) => `      ${line}\n`)
    .join('')}${more}`;

const only = (yaml: string): Preset => load(yaml).presets[0]!;

describe('a number of a preset', () => {
  const toy = only(preset('dim: {type: integer, min: 1, max: 64}\nrate: {type: number, min: -1, max: 100}'));
  const given = (assignments: Record<string, string>) => checkAssignments(toy, assignments);

  it.each([
    ['dim', '010'],
    ['dim', '0x10'],
    ['dim', '0b1'],
    ['dim', '0o17'],
    ['dim', '1_0'],
    ['dim', '1:30'],
    ['dim', '1e1'],
    ['dim', '1.0'],
    ['rate', '010'],
    ['rate', '0x10'],
    ['rate', '1_0.5'],
    ['rate', '1:30'],
    ['rate', '01.5'],
    ['rate', '.inf'],
    ['rate', 'Infinity'],
    ['rate', ''],
  ])('%s is refused as "%s", which xax reads otherwise than we do or not at all', (key, value) => {
    expect(() => given({ [key]: value })).toThrow(
      key === 'dim' ? /accepted: a whole number from 1 to 64/ : /accepted: a number from -1 to 100/,
    );
  });

  it.each(['1', '+5', '0.5', '5.', '1e-3', '1E1', '3.0e+0', '-0', '1.50'])(
    'is passed on as it was written: %s',
    (value) => {
      expect(given({ rate: value })).toEqual({ rate: value });
    },
  );

  it('gets the zero before its point, without which xax takes some numbers for text', () => {
    expect(given({ rate: '-.5' })).toEqual({ rate: '-0.5' });
    expect(given({ rate: ' .5e1 ' })).toEqual({ rate: '0.5e1' });
  });
});

describe('what xaxbot.yaml says of a setting', () => {
  it('is passed on as it was written there, not as YAML respells numbers', () => {
    const { options } = only(
      preset(
        [
          'rate: {type: number, default: 1e-3}',
          'scale: {type: choice, choices: [1.0, 1e-3, true, null, 010], default: 1.0}',
          'level: {type: text, default: &level 1.50}',
          'again: {type: text, default: *level}',
          "label: {type: text, default: '007'}",
        ].join('\n'),
      ),
    );
    expect(options.rate!.default).toBe('1e-3');
    expect(options.scale).toMatchObject({ default: '1.0', choices: ['1.0', '1e-3', 'true', 'null', '010'] });
    expect([options.level!.default, options.again!.default, options.label!.default]).toEqual([
      '1.50',
      '1.50',
      '007',
    ]);
  });

  it('keeps a preset whose name looks like a number', () => {
    expect(load('presets:\n  010: {cwd: CWD, argv: [a]}\n').presets[0]!.name).toBe('010');
  });

  it('is refused at the start where xax would read a default otherwise', () => {
    expect(problem(preset('dim: {type: integer, default: 0x10}'))).toMatch(
      /line 6, presets\.toy\.options\.dim\.default: .*a whole number, in plain digits/,
    );
  });

  it.each([
    ['options', preset('launcher: {type: text}'), /line 6, presets\.toy\.options\.launcher: .*cannot be set/],
    ['options', preset('launcher.kind: {type: text}'), /line 6, .*cannot be set/],
    ['options', preset('a b: {type: text}'), /line 6, .*is not a setting name/],
    ['default', preset('a: {type: text}\nb: {type: text, default: "${oc.env:A}"}'), /line 7, .*b\.default: /],
    ['default', preset('a: {type: text, default: \'"\\x24{oc.env:A}"\'}'), /line 6, .*backslash/],
    [
      'choices',
      preset('a:\n  type: choice\n  choices:\n    - ok\n    - ${A}'),
      /line 10, .*choices\.1: .*expand/,
    ],
    ['argv', preset('a: {type: text}').replace('toy]', "toy, 'name=${A}']"), /line 4, .*argv\.3: .*expand/],
    ['argv', preset('a: {type: text}').replace('toy]', 'toy, \'n="\\x24{A}"\']'), /line 4, .*backslash/],
    ['argv', preset('a: {type: text}').replace('toy]', 'toy, launcher=single]'), /line 4, .*sets launcher/],
    [
      'argv',
      preset('a: {type: text}').replace('toy]', 'toy, --queue-position, "1"]'),
      /line 4, .*leave it out/,
    ],
    [
      'allow_extra',
      preset('a: {type: text}', '    allow_extra: [b, launcher]\n'),
      /line 7, .*allow_extra\.1: /,
    ],
    ['allow_extra', preset('a: {type: text}', '    allow_extra: [runs_dir]\n'), /line 7, .*cannot be set/],
    ['allow_extra', preset('a: {type: text}', '    allow_extra: ["${b}"]\n'), /line 7, .*not a setting name/],
  ])(
    'is refused with line and key where %s would steer the queue or be expanded by xax',
    (_where, yaml, told) => {
      expect(problem(yaml)).toMatch(told);
    },
  );

  it('is refused where a key says nothing about the type beside it', () => {
    expect(problem(preset('a: {type: text, min: 1}'))).toMatch(
      /line 6, .*a\.min: does not apply to the type text; it is for number and integer/,
    );
    expect(problem(preset('a: {type: number, choices: [1, 2]}'))).toMatch(/it is for choice/);
  });

  it('may be declared not to be tuned, and is refused where it could not be tuned anyway', () => {
    const { options } = only(
      preset('a: {type: number, tune: false}\nb: {type: boolean}\nseed: {type: integer, tune: false}'),
    );
    expect([options.a!.tune, options.b!.tune, options.seed!.tune]).toEqual([false, undefined, false]);
    expect(problem(preset('a: {type: number, tune: no}'))).toMatch(
      /line 6, presets\.toy\.options\.a\.tune: .*true or false/,
    );
    expect(problem(preset('a: {type: text, tune: true}'))).toMatch(
      /line 6, .*a\.tune: a text cannot be tuned: suggestions vary numbers, switches and choices/,
    );
    expect(problem(preset('b: {type: boolean}\ndata.seed: {type: integer, tune: true}'))).toMatch(
      /line 7, .*data\.seed\.tune: a seed cannot be tuned: it only repeats a run/,
    );
  });
});

describe('a setting that is called like something of JavaScript', () => {
  it('is kept when every key is allowed', () => {
    const toy = only(preset('a: {type: text}', '    allow_extra: ["*"]\n'));
    const given = Object.fromEntries(['constructor', '__proto__', 'toString'].map((key) => [key, '1']));
    expect(Object.entries(checkAssignments(toy, given))).toEqual(Object.entries(given));
  });

  it('is refused when it is not declared, and checked when it is', () => {
    const toy = only(preset('constructor: {type: integer}\ntoString: {type: text, default: x}'));
    expect(() => checkAssignments(toy, { valueOf: '1' })).toThrow(/no option valueOf/);
    expect(() => checkAssignments(toy, { constructor: 'many' })).toThrow(/a whole number/);
    expect(Object.entries(checkAssignments(toy, {}))).toEqual([['toString', 'x']]);
  });

  it('is told rather than lost where the settings cannot hold it', () => {
    expect(problem(preset('a: {type: text}\n__proto__: {type: text}'))).toMatch(
      /line 7: __proto__ cannot be/,
    );
  });
});

describe('a declared range', () => {
  it('is not passed by setting what holds the setting', () => {
    const toy = only(preset('optim.rate: {type: number, max: 1}', '    allow_extra: ["*"]\n'));
    expect(() => checkAssignments(toy, { optim: '{rate: 99}' })).toThrow(/would set optim\.rate too/);
    expect(checkAssignments(toy, { optimum: '1' })).toEqual({ optimum: '1' });
  });

  it('is not passed by setting what lies within the setting', () => {
    const toy = only(preset('optim.rate: {type: number, max: 1}', '    allow_extra: ["*"]\n'));
    expect(() => checkAssignments(toy, { 'optim.rate.x': '99' })).toThrow(
      'optim.rate.x would set optim.rate too, which is declared.',
    );
    expect(() => checkAssignments(toy, { model: 'big', 'model.width': '9' })).toThrow(
      'model would set model.width too, which is given as well.',
    );
    expect(problem(preset('optim.rate: {type: number}\noptim: {type: text}'))).toMatch(
      /line 7, presets\.toy\.options\.optim: would set optim\.rate too, which is declared/,
    );
  });

  it('is that of a whole number of any size, with every digit', () => {
    const toy = only(preset('revision: {type: integer, min: 0}'));
    const given = (revision: string) => checkAssignments(toy, { revision });
    expect(given('1234567890123456789')).toEqual({ revision: '1234567890123456789' });
    expect(() => given('-9007199254740993')).toThrow(/accepted: a whole number from 0/);
  });
});

describe("a preset's folder", () => {
  it('is found from the folder of the yaml, and ~ is left to the host that it is launched on', () => {
    const home = temporaryFolder();
    mkdirSync(join(home, 'settings'));
    const path = join(home, 'settings', 'team.yaml');
    writeFileSync(
      path,
      'presets:\n  a: {cwd: near, argv: [x]}\n  b: {cwd: ../far, argv: [x]}\n  c: {cwd: ~/far, argv: [~/venv/bin/python, -m, toy, a~b]}\n  d: {cwd: ., argv: [x]}\n',
    );
    const { presets } = loadConfig({ env: { HOME: home, XAXBOT_CONFIG: '~/settings/team.yaml' }, cwd: '/' });
    expect(presets[2]!.argv).toEqual(['~/venv/bin/python', '-m', 'toy', 'a~b']);
    expect(presets.map(({ cwd }) => cwd)).toEqual([
      join(home, 'settings', 'near'),
      join(home, 'far'),
      '~/far',
      join(home, 'settings'),
    ]);
  });
});
