import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { overview, topic } from '../../src/cli/help.ts';
import { helpAsked } from '../../src/cli/help-asked.ts';
import { givenTo, type Subcommand, usageOf } from '../../src/cli/subcommand.ts';
import { SUBCOMMANDS } from '../../src/cli/subcommands.ts';
import { mustBeCommand } from '../../src/cli/unknown.ts';
import { temporaryFolder } from '../helpers.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const SAMPLE: Subcommand = {
  name: 'keep',
  summary: 'keep something',
  flags: { quiet: { description: 'says nothing' } },
  actions: {
    add: {
      summary: 'adds it',
      words: [
        { name: 'FILE', description: 'which', required: true },
        { name: 'NAME', description: 'its name' },
      ],
      flags: { as: { description: 'for whom', value: { name: 'PERSON' } } },
    },
    list: { summary: 'lists all' },
  },
  load: async () => async () => 0,
};

describe('a subcommand is told what its declaration says', () => {
  it('words, flags and its action', () => {
    expect(givenTo(SAMPLE, ['add', '--as', 'ada', 'a.txt', '--quiet'])).toEqual({
      action: 'add',
      words: ['a.txt'],
      flags: { as: 'ada', quiet: true },
    });
    expect(usageOf(SAMPLE, 'add')).toBe('xaxbot keep add FILE [NAME] [--quiet] [--as PERSON]');
    expect(usageOf(SAMPLE)).toBe('xaxbot keep add|list [--quiet]');
  });

  it.each([
    [[], 'What? Write: xaxbot keep add|list [--quiet].'],
    [['ad'], 'There is no "ad". Did you mean add?'],
    [['add'], 'FILE is missing. Write: xaxbot keep add FILE'],
    [['add', 'a', 'b', 'c'], '"c" is not understood.'],
    [['list', '--quite'], 'There is no --quite. Did you mean --quiet?'],
    [['list', '--as', 'ada'], 'There is no --as.'],
    [['add', 'a', '--as'], "Option '--as <value>' argument missing."],
    [['list', '-q'], 'There is no -q.'],
  ])('and refuses %j in words', (args, words) => {
    expect(() => givenTo(SAMPLE, args)).toThrow(expect.objectContaining({ code: 'bad-option' }));
    try {
      givenTo(SAMPLE, args);
    } catch (error) {
      const { message, hint } = error as { message: string; hint: string };
      expect(`${message} ${hint}`).toContain(words);
    }
  });
});

it('help names every subcommand and every command, and has a topic for each', () => {
  const all = overview();
  for (const { name, summary } of SUBCOMMANDS) {
    expect(all).toContain(`xaxbot ${name}`);
    expect(topic([name]).toLowerCase()).toContain(summary.toLowerCase().slice(0, 40));
  }
  for (const { name, options } of COMMANDS) {
    expect(all).toMatch(new RegExp(`[ ,]${name}\\b`));
    for (const option of Object.keys(options)) expect(topic([name, 'whatever'])).toContain(`  ${option} `);
  }
  expect(topic(['log', 'sync'])).toContain('--status-json FILE');
});

it('each flag of a terminal stands with the commands that take it, and the codes of a wait with their meanings', () => {
  const all = overview();
  const [every, reading, logs] = ['Each COMMAND', 'Each that only reads', 'logs'].map(
    (takers) => all.split(`\n${takers} also takes:\n`)[1]!.split('\n\n')[0]!,
  );
  expect(every).toMatch(/--json[\s\S]*--yes[\s\S]*--no-pager/);
  expect(every).not.toMatch(/--watch|--follow/);
  expect(reading).toMatch(/--watch[\s\S]*--interval/);
  expect(logs).toContain('--follow');
  expect(topic(['wait'])).toMatch(
    /It exits with:\n {2}0 +the job finished[\s\S]*\n {2}3 +the job failed[\s\S]*\n {2}124 /,
  );
});

it.each([
  [[], []],
  [['--help'], []],
  [['help'], []],
  [['help', 'doctor'], ['doctor']],
  [['help', '--no-pager', 'doctor'], ['doctor']],
  [['--help', 'doctor'], ['doctor']],
  [['doctor', '-h'], ['doctor']],
  [
    ['logs', '7', '--help'],
    ['logs', '7'],
  ],
  [
    ['--json', '-h', 'log', 'sync'],
    ['log', 'sync'],
  ],
  [
    ['report', '--plain', '--help'],
    ['report', '--plain'],
  ],
  [['help', '--json'], undefined],
  [['status'], undefined],
  [['note', '7', '--', '--help'], undefined],
])('%j asks for help on %j', (args, words) => {
  expect(helpAsked(args)?.words).toEqual(words);
});

it('help is there without a queue, and makes nothing', () => {
  const at = temporaryFolder();
  const env = { PATH: process.env.PATH, HOME: join(at, 'home'), XAX_HOME: join(at, 'nowhere') };
  const { status, stdout } = spawnSync(process.execPath, [MAIN, 'help'], { env, cwd: at });
  expect([status, readdirSync(at)]).toEqual([0, []]);
  expect(stdout.toString()).toMatch(/xaxbot start [\s\S]*\n {2}status +Running, waiting/);
  expect(() => topic(['docter'])).toThrow(
    expect.objectContaining({ hint: 'Did you mean doctor? See "npm run -s xaxbot -- help".' }),
  );
});

it.each([
  ['strat', 'start'],
  ['dcotor', 'doctor'],
  ['web-lnik', 'web-link'],
  ['lgos', 'logs'],
])('a misspelt %s is asked to be %s, without a bot', (typed, meant) => {
  expect(() => mustBeCommand([typed, 'ada'])).toThrow(
    expect.objectContaining({
      message: `There is no command "${typed}".`,
      hint: `Did you mean ${meant}? "help" lists them all.`,
    }),
  );
});

it('what is a command is left to the bot, by its other names too', () => {
  for (const words of [
    ['status'],
    ['notnow'],
    ['suggest', 'dismiss'],
    ['note', 'last', 'x'],
    ['session', 'list'],
  ])
    expect(() => mustBeCommand(words), words.join(' ')).not.toThrow();
  expect(() => mustBeCommand(['xyzzy'])).toThrow(expect.objectContaining({ hint: '"help" lists them all.' }));
});

it.each([50, 80, 100, 240])('help fits a screen of %d columns, but for what is to be copied', (width) => {
  const texts = (columns: number | undefined) => [
    overview({ width: columns }),
    overview({ isWhole: true, width: columns }),
    ...[...SUBCOMMANDS, ...COMMANDS].map(({ name }) => topic([name], columns)),
  ];
  const said = texts(width).flatMap((text) => text.split('\nExamples:')[0]!.split('\n'));
  // One word is a choice that is typed as it stands.
  const isLong = (line: string) => line.length > Math.min(width, 100) && line.trim().includes(' ');
  expect(said.filter(isLong)).toEqual([]);
  const words = (all: readonly string[]) => all.map((text) => text.split(/\s+/).join(' '));
  expect(words(texts(width))).toEqual(words(texts(undefined)));
});
