import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { house } from './init-house.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));
const ANSWERS = fileURLToPath(new URL('../answers.py', import.meta.url));

/** What stands on the terminal after these answers. */
async function typed({ cwd, env }: ReturnType<typeof house>, answers: string[]) {
  const child = spawn('python3', [ANSWERS, process.execPath, PROGRAM, 'init'], { cwd, env });
  let shown = '';
  child.stdout.on('data', (data) => {
    shown += data;
  });
  child.stdin.end(answers.join('\n'));
  const status = await new Promise((resolve) => child.on('close', resolve));
  return { shown: shown.replace(/\x1b\[[0-9;]*[A-Za-z]/g, ''), status };
}

describe('xaxbot init', () => {
  it('writes what it finds, for its owner alone, as the bot reads it, and the second time nothing', () => {
    const at = house();
    const first = at.run('--yes', '--project', '../proj');
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /Next:\n {2}npm run -s xaxbot -- doctor +checks[\s\S]*npm start +watches[\s\S]*Slack: make the app from the manifest[\s\S]*Discord: /,
    );
    expect(['.env', 'xaxbot.yaml'].map((name) => statSync(join(at.cwd, name)).mode & 0o777)).toEqual([
      0o600, 0o600,
    ]);
    expect(at.config()).toMatchObject({
      timezone: 'Asia/Kolkata',
      presets: [
        {
          name: 'line',
          description: 'Fits a line: "quoted", # and all',
          cwd: '~/proj',
          argv: [at.python, '-m', 'toys.line'],
          options: {
            learning_rate: { type: 'number', default: '1e-3', description: 'How fast: 0 is not at all' },
            kind: { type: 'choice', choices: ['on', 'off'], default: 'off', description: '' },
            name: { type: 'text', default: '010', description: '' },
          },
          allowExtra: ['batch_size', 'max_steps'],
        },
      ],
      queues: [{ settings: { xaxBin: join(dirname(at.python), 'xax') } }],
    });
    expect(at.run('--yes', '--project', '../proj').stdout).toMatch(/^Everything is set up like this already/);
    expect(readdirSync(at.cwd).sort()).toEqual(['.env', 'xaxbot.yaml']);
  });

  it('writes presets of the folder that it is run in or that is named alone, each once, and says where others are', () => {
    const at = house();
    const env = { ...at.env, VIRTUAL_ENV: join(at.project, '.venv') };
    const unnamed = at.runWith({ env }, '--yes');
    expect(unnamed.stdout).toContain(`${at.project} has code that launches a task of xax too: --project`);
    expect(at.config().presets).toEqual([]);
    symlinkSync(at.project, join(at.home, 'link'));
    writeFileSync(
      join(at.cwd, 'xaxbot.yaml'),
      'host: g1\npresets:\n  mine:\n    cwd: ../link\n    argv: [python, toys/line.py]\n',
    );
    const twice = ['--project', '../link:../proj:../proj/toys'];
    expect(at.run('--yes', ...twice).stdout).not.toContain('xaxbot.yaml');
    expect(at.config().presets.map(({ name }) => name)).toEqual(['mine']);
    writeFileSync(join(at.cwd, 'xaxbot.yaml'), 'host: g1\n');
    expect(at.run('--yes', '--force', ...twice).status).toBe(0);
    expect(at.config().presets.map(({ name }) => name)).toEqual(['line']);
    expect(at.runWith({ env, cwd: at.project }, '--yes').status).toBe(0);
    expect(readFileSync(join(at.project, 'xaxbot.yaml'), 'utf8')).toMatch(/presets:\n {2}line:/);
  });

  it("takes the examples of xax for nobody's training code, where its own environment is in use", () => {
    const at = house();
    cpSync(at.project, join(at.home, 'xax'), { recursive: true });
    mkdirSync(join(at.home, 'xax', 'xax'));
    writeFileSync(join(at.home, 'xax', 'xax', '__init__.py'), '');
    writeFileSync(join(at.home, 'xax', 'pyproject.toml'), '[project]\nname = "xax"\n');
    const env = { ...at.env, VIRTUAL_ENV: join(at.home, 'xax', '.venv') };
    expect(at.runWith({ env }, '--yes').stdout).not.toContain('has code that launches');
    // It may be trained from all the same, by who is in it.
    const { stderr } = at.runWith({ env, cwd: join(at.home, 'xax') });
    expect(stderr).toContain(`(${join(at.home, 'xax')})`);
  });

  it('writes nothing where the folder of the code is not there, or none', () => {
    const at = house();
    writeFileSync(join(at.cwd, 'notes.txt'), '');
    for (const [folder, why] of [
      ['nowhere', 'does not exist'],
      ['notes.txt', 'is no folder'],
    ] as const)
      expect(at.run('--yes', '--project', `../proj:${folder}`)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining(
          `${join(at.cwd, folder)} ${why}. Name the folder of the training code, or "none".`,
        ),
      });
    expect(readdirSync(at.cwd)).toEqual(['notes.txt']);
  });

  it('repeats no value that may be a secret in the wrong place', () => {
    const at = house();
    const token = 'correct-horse-battery';
    const said = ['--web-port', '--timezone', '--presets'].map(
      (flag) => at.run('--yes', '--project', '../proj', flag, token).stderr,
    );
    expect(said).toEqual([
      expect.stringMatching(/^xaxbot: XAXBOT_WEB_PORT is "…" \(21 characters.*Accepted: a port/),
      expect.stringMatching(/no time zone "…"/),
      expect.stringMatching(/no preset "…"/),
    ]);
    expect(said.join()).not.toContain(token);
    expect(at.run('--yes', '--web-port', '80800').stderr).toContain('XAXBOT_WEB_PORT is "80800".');
  });

  it('without a terminal says which flags there are, and what holds without them', () => {
    const { stderr, status } = house().run();
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /--timezone ZONE .*\(Asia\/Kolkata\)[\s\S]*--slack-bot-token TOKEN[\s\S]*There is no terminal to ask on/,
    );
  });

  it('takes Enter for every question', async () => {
    const at = house();
    const { shown, status } = await typed(at, ['', '../proj', ...Array(12).fill('')]);
    expect(status).toBe(0);
    expect(shown).toContain('1. line: ');
    expect(at.config().presets.map(({ name }) => name)).toEqual(['line']);
  });

  it('shows no secret that is typed, and asks again for what cannot be right', async () => {
    const at = house();
    const answers = [
      '',
      '',
      '',
      'g1',
      'Mars/X',
      '',
      '',
      'y',
      'wrong',
      'xoxb-1-hidden',
      'xapp-1-hidden',
      'general',
      'C012AB3CD',
      'n',
      'y',
    ];
    const { shown, status } = await typed(at, answers);
    expect(status).toBe(0);
    expect(shown).toMatch(
      /no time zone "Mars\/X"[\s\S]*It starts with xoxb-[\s\S]*"general" is no channel of Slack/,
    );
    expect(shown).not.toMatch(/hidden|wrong/);
    expect(at.config().adapters.get('slack')!.settings).toMatchObject({
      botToken: 'xoxb-1-hidden',
      appToken: 'xapp-1-hidden',
    });
    expect(at.config().channels).toContainEqual(
      expect.objectContaining({ adapter: 'slack', id: 'C012AB3CD' }),
    );
  });

  it('writes nothing when it is left in the middle', async () => {
    const at = house();
    const { shown, status } = await typed(at, ['', '../proj']);
    expect([status, readdirSync(at.cwd)]).toEqual([1, []]);
    expect(shown).toContain('Nothing was written');
  });

  it('says of a queue folder that is named that it is not there yet', () => {
    const at = house();
    expect(at.run('--yes', '--xax-home', '/no/such/queue').stdout).toContain(
      '/no/such/queue is not there yet',
    );
  });

  it('adds to files that are there what is new, with --force and a copy, and changes nothing else', () => {
    const at = house();
    const yaml =
      '# ours\nhost: "g1" # kept\npresets:\n    mine: {cwd: .., argv: [python]} # kept too\n\n# the end\nkill: {grace_seconds: 20}\n';
    const dotenv = '# ours\nLOG_LEVEL=warn\n#XAX_BIN=/opt/venv/bin/xax\n';
    writeFileSync(join(at.cwd, 'xaxbot.yaml'), yaml);
    writeFileSync(join(at.cwd, '.env'), dotenv, { mode: 0o600 });
    const asked = at.run('--yes', '--project', '../proj');
    expect(asked).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/would be changed: nothing was written.*--force/),
    });
    expect([at.read('xaxbot.yaml'), at.read('.env')]).toEqual([yaml, dotenv]);
    expect(at.run('--yes', '--force', '--project', '../proj').status).toBe(0);
    expect(at.config()).toMatchObject({
      hostLabel: 'g1',
      killGraceMs: 20_000,
      presets: [{ name: 'mine' }, { name: 'line' }],
    });
    const lines = at.read('xaxbot.yaml').split('\n');
    expect(yaml.split('\n').filter((line) => !lines.includes(line))).toEqual([]);
    expect(at.read('.env')).toBe(`# ours\nLOG_LEVEL=warn\nXAX_BIN=${dirname(at.python)}/xax\n`);
    const copies = readdirSync(at.cwd).filter((name) => name.includes('.before-'));
    expect(copies.map((name) => at.read(name)).sort()).toEqual([dotenv, yaml].sort());
    expect(at.run('--yes', '--project', '../proj').stdout).toMatch(/^Everything/);
  });

  it.each([
    [
      'a list in one line',
      'presets: {mine: {cwd: .., argv: [python]}}\n',
      /no list of lines below "presets:"[\s\S]*Put these lines there:\n {2}line:/,
    ],
    [
      'a mistake',
      'presets:\n  mine: {cwd: ..}\n',
      /line 2, presets\.mine\.argv: .*[\s\S]*Mend it, or move it away/,
    ],
    ['no YAML', 'host: "g1\n', /cannot be used/],
  ])('leaves a file alone that it cannot add to: %s', (_what, yaml, says) => {
    const at = house();
    writeFileSync(join(at.cwd, 'xaxbot.yaml'), yaml);
    expect(at.run('--yes', '--force', '--project', '../proj')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(says),
    });
    expect([readdirSync(at.cwd), at.read('xaxbot.yaml')]).toEqual([['xaxbot.yaml'], yaml]);
  });

  it('puts back what was there when the bot would not take what was written', () => {
    const at = house();
    expect(at.run('--yes', '--slack-bot-token', 'xoxb-1-x')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/SLACK_APP_TOKEN is not/),
    });
    expect(readdirSync(at.cwd)).toEqual([]);
  });
});
