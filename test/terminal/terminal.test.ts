import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askAsTyped, askRunningBot } from '../../adapters/terminal/client.ts';
import { legible } from '../../src/core/unseen.ts';
import { createRecordedHome, startTestBot } from '../bot.ts';
import { temporaryFolder } from '../helpers.ts';
import { parseExperimentLog } from '../parsing.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));

interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

describe('the terminal', () => {
  const folder = temporaryFolder();
  const home = createRecordedHome(folder);
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    USER: 'root',
    XAX_HOME: home.home,
    XAXBOT_DATA_DIR: join(folder, 'data'),
    TZ: 'Asia/Kolkata',
  };
  const xaxbot = (...argv: string[]) => run({ LOG_LEVEL: 'error' }, argv);
  const run = (more: NodeJS.ProcessEnv, argv: readonly string[]): Promise<Result> =>
    new Promise((resolve) => {
      const env = { ...environment, ...more };
      const child = spawn(process.execPath, [PROGRAM, ...argv], {
        cwd: folder,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const result: Result = { code: null, stdout: '', stderr: '' };
      child.stdout.on('data', (chunk) => {
        result.stdout += chunk;
      });
      child.stderr.on('data', (chunk) => {
        result.stderr += chunk;
      });
      child.once('close', (code) => resolve({ ...result, code }));
    });
  const json = async (...argv: string[]) =>
    JSON.parse((await xaxbot(...argv, '--json')).stdout) as {
      ok: boolean;
      data: Record<string, unknown>;
      error: { code: string };
    };

  beforeAll(() => home.show('030.json'));

  it('shows what people and logs wrote, and lets none of it act on the screen', () => {
    const text = 'a\u001b]0;owned\u0007b\u001b[2J\u009b31mc\rd\u202ee\tf\ng\u0008';
    expect(legible(text)).toBe('abcde\tf\ng');
  });

  function common(): void {
    it('prints plain text, and the data as JSON when asked', async () => {
      const status = await xaxbot('status');
      expect(status.code).toBe(0);
      expect(status.stdout).toContain('Running job-0000009 ToyRegression');
      expect(status.stdout).not.toMatch(/\u001b|\[Refresh\]/);
      expect((await json('status')).data).toMatchObject({
        waitingCount: 1,
        running: [{ job: { jobId: 'job-0000009' } }],
      });
    });

    it('takes options by place, by name and as flags', async () => {
      for (const argv of [
        ['jobs', 'failed', 'limit=2'],
        ['jobs', 'failed', '--limit', '2'],
        ['jobs', '--status=failed', '--limit=2'],
      ]) {
        const { data } = await json(...argv);
        expect(
          (data.jobs as { jobId: string }[]).map(({ jobId }) => jobId),
          argv.join(' '),
        ).toEqual(['job-0000008', 'job-0000007']);
      }
    });

    it('ends as it would, and quietly, when whoever reads its output has gone', async () => {
      const child = spawn(process.execPath, [PROGRAM, 'jobs', '--json'], {
        cwd: folder,
        env: { ...environment, LOG_LEVEL: 'error' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.destroy();
      let said = '';
      child.stderr.on('data', (chunk) => {
        said += chunk;
      });
      expect([...(await once(child, 'close')), said]).toEqual([0, null, '']);
    });

    it('exits with 0 only when the command did what was asked', async () => {
      const cases: [string[], number, RegExp][] = [
        [['job', '99'], 1, /no job "99".*Nearest: job-0000011/],
        [['frobnicate'], 1, /no command "frobnicate"/],
        [['jobs', '--bogus'], 1, /Unknown option '--bogus'\. .*goes after "--".*help jobs/],
        [['jobs', '--lmit', '3'], 1, /Unknown option '--lmit'\. Did you mean --limit\?/],
        [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
        [['cancel', '6'], 1, /Nothing was changed: job-0000006 is completed, not waiting/],
        [['move', '10', '5'], 1, /Nothing was changed/],
        [['kill', '6', '--yes'], 1, /Nothing was killed: job-0000006 is not running/],
        [['kill', '9'], 2, /cannot be undone[\s\S]*add --yes/],
        [['queue', 'toy', 'learning_rate=1'], 1, /No preset is declared.*init --project FOLDER/],
        [['queue'], 1, /No preset is declared.*init --project FOLDER/],
        [['logs', '9', 'nonsense'], 1, /does not match any option/],
        [['wait', '6'], 0, /job-0000006 completed after /],
        [['wait', '7'], 3, /job-0000007 failed after .*, exit code 1: /],
        [['wait', '9', '--seconds', '0'], 124, /job-0000009 is running\. The time is over\./],
        [['logs', '8', '6000'], 1, /lines is "6000"; accepted: a whole number from 1 to 5000/],
        [['plan', 'hypothesis=x'], 1, /No preset is declared.*init --project FOLDER/],
        [['presets'], 0, /No preset is declared[\s\S]*init --project\s+FOLDER/],
        [['health'], 1, /none is active/],
      ];
      for (const [argv, code, words] of cases) {
        const result = await xaxbot(...argv);
        expect([result.code, `${result.stdout}${result.stderr}`], argv.join(' ')).toEqual([
          code,
          expect.stringMatching(words),
        ]);
      }
      expect((await json('job', '99')).error.code).toBe('unknown-job');
    });

    it('reads logs and metrics of a run, with the chart as a file', async () => {
      const logs = await xaxbot('logs', '8', 'observer', '5');
      expect(logs.stdout).toContain('RuntimeError: RESOURCE_EXHAUSTED');
      // As many as were asked for: what a chat cuts and attaches stands in the answer.
      const many = await xaxbot('logs', '9', 'observer', '400');
      expect(many.stdout).toMatch(/^job-0000009 observer log: last 400 lines\n/);
      expect(many.stdout.trimEnd().split('\n')).toHaveLength(402);
      expect(many.stdout).not.toContain('[file:');
      expect((await json('logs', '9', 'observer', '400')).data.lines).toHaveLength(400);
      const metrics = await json('metrics', '9', 'value/mae');
      expect(metrics.data).toMatchObject({
        tag: 'value/mae',
        chart: { alt: expect.stringContaining('215 points') },
      });
      const { chart } = metrics.data as { chart: { image: { path: string } } };
      expect(statSync(chart.image.path).size).toBeGreaterThan(10_000);
      const exported = (await json('export')).data as { file: { path: string }; bytes: number };
      expect(statSync(exported.file.path).size).toBe(exported.bytes);
      const shown = await xaxbot('metrics', '9', 'value/mea');
      expect(shown.stderr).toMatch(/no metric "value\/mea". Nearest: value\/mae/);
      const picture = /\[image: [^\]]*\] (\S+\.png)/.exec((await xaxbot('metrics', '9')).stdout)![1]!;
      expect(statSync(picture).size).toBeGreaterThan(10_000);
    });
  }

  describe('without a running bot', () => {
    common();

    it('says with settings that are broken what the queue itself says, and keeps nothing of it', async () => {
      const config = join(folder, 'broken.yaml');
      writeFileSync(config, 'host: g1\npeople: {ada: {role: boss}}\n');
      const more = { XAXBOT_CONFIG: config, XAXBOT_DATA_DIR: join(folder, 'untouched') };
      const status = await run(more, ['status']);
      expect(status.code).toBe(0);
      expect(status.stdout).toContain('job-0000009');
      expect(status.stderr).toMatch(
        /line 2, people\.ada\.role: is "boss".*\nUntil that is mended, .*queue's own files say:\n$/,
      );
      const note = await run(more, ['note', '9', 'kept']);
      expect([note.code, note.stdout, note.stderr]).toEqual([1, '', expect.stringContaining('is "boss"')]);
      expect(existsSync(join(folder, 'untouched'))).toBe(false);
    });

    it('says what to set where there is no queue, and keeps its log to itself', async () => {
      const XAX_HOME = join(folder, 'nowhere');
      for (const argv of [['status'], ['session'], ['plan', 'toy', 'hypothesis=x']]) {
        const result = await run({ XAX_HOME }, argv);
        expect([result.code, result.stdout, result.stderr.split('\n').length]).toEqual([1, '', 2]);
        expect(result.stderr).toMatch(/folder .*nowhere does not exist\. Set XAX_HOME .*XAXBOT_DATA_DIR/);
      }
      expect(JSON.parse((await run({ XAX_HOME }, ['status', '--json'])).stdout).error.code).toBe('no-queue');
      expect((await run({ XAX_HOME }, ['help'])).code).toBe(0);
      const health = await run({ XAX_HOME }, ['health']);
      expect(health.stderr).not.toMatch(/[{}]|\bat .*\.ts/);
    });

    it('shows examples as they are typed here', async () => {
      const { stdout } = await xaxbot('help', 'jobs');
      expect(stdout).toMatch(/^ {2}xaxbot jobs failed$/m);
      expect(stdout).not.toContain('/xax');
    });

    it('takes a line as it stands in a chat', async () => {
      expect((await xaxbot('/xax', 'jobs', 'failed', 'limit=1')).stdout).toContain('job-0000008');
    });

    it('keeps a hypothesis and a note, and exports the log', async () => {
      expect((await xaxbot('hypothesis', 'add', 'lower is smoother', 'name=lr-003')).code).toBe(0);
      expect((await xaxbot('note', '6', 'the', 'loss', 'jumps')).code).toBe(0);
      const { data } = await json('export');
      const rows = new Map(
        parseExperimentLog((await import('node:fs')).readFileSync(data.path as string, 'utf8')).rows.map(
          ({ fields }) => [fields.experiment_id, fields],
        ),
      );
      expect(rows.get('lr-003')).toMatchObject({ status: 'planned', hypothesis: 'lower is smoother' });
      expect(rows.get('job-0000006')!.notes).toContain('the loss jumps');
      expect(rows.size).toBe(12);
    });

    it('says that there is no chat to enter', async () => {
      const link = await xaxbot('web-link', 'root');
      expect([link.code, link.stderr]).toEqual([1, expect.stringContaining('xaxbot is not running')]);
    });
  });

  describe('through the running bot', () => {
    let bot: Awaited<ReturnType<typeof startTestBot>>;
    beforeAll(async () => {
      bot = await startTestBot({ folder, home: home.home });
    });
    afterAll(() => bot.app.stop());
    common();

    it('speaks over a socket that only its own user may open', async () => {
      expect(statSync(join(folder, 'data', 'xaxbot.sock')).mode & 0o777).toBe(0o600);
    });

    it('loads none of the commands, nor a library for settings, for what the bot can read itself', async () => {
      const loadedBy = async (...argv: string[]) => {
        const coverage = temporaryFolder();
        expect((await run({ NODE_V8_COVERAGE: coverage }, argv)).code, argv.join(' ')).toBe(0);
        const reports = readdirSync(coverage).map((name) => readFileSync(join(coverage, name), 'utf8'));
        return reports.flatMap((report) =>
          (JSON.parse(report) as { result: { url: string }[] }).result.flatMap(({ url }) =>
            url.startsWith('file:') ? [url] : [],
          ),
        );
      };
      const isHeavy = (url: string) => /\/commands\/|\/node_modules\/(zod|yaml|better-sqlite3)\//.test(url);
      for (const argv of [['status'], ['jobs', 'failed', '--limit', '2', '--json']]) {
        const loaded = await loadedBy(...argv);
        expect(loaded.filter(isHeavy), argv.join(' ')).toEqual([]);
        expect(loaded.length, argv.join(' ')).toBeLessThan(110);
      }
      // What it has to read here needs them.
      expect((await loadedBy('wait', '6')).some(isHeavy)).toBe(true);
    });

    it('makes a new link into the chat', async () => {
      const link = await xaxbot('web-link', 'root');
      expect([link.code, link.stdout]).toEqual([
        0,
        expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?\S+#enter=\S+\n$/),
      ]);
      expect((await xaxbot('web-link')).stdout).toMatch(/#enter=\S+\n$/);
      expect((await xaxbot('web-link', 'nobody')).stderr).toContain('nobody called "nobody"');
    });

    it('is the only writer: a second bot on the same folder is told so', async () => {
      const second = await xaxbot('start');
      expect([second.code, second.stderr]).toEqual([1, expect.stringMatching(/Another xaxbot is using/)]);
    });
  });
});

describe('a bot that ends while the terminal waits', () => {
  const listening = async (answer: (response: ServerResponse) => void) => {
    const socketPath = join(temporaryFolder(), 'bot.sock');
    const server = createServer((request, response) => {
      request.resume();
      request.once('end', () => answer(response));
    }).listen(socketPath);
    await once(server, 'listening');
    return { socketPath, close: () => void server.close() };
  };
  const answering = async (answer: (response: ServerResponse) => void) => {
    const { socketPath, close } = await listening(answer);
    const heard: unknown[] = [];
    const asked = askRunningBot(socketPath, { argv: ['queue', 'toy'], yes: false }, (reply) =>
      heard.push(reply),
    );
    const outcome = await asked.then(
      () => 'answered',
      (error) => error,
    );
    close();
    return { outcome, heard };
  };

  it('is not asked again where it may have read the line, and is where it said that it did not', async () => {
    const shown = `${JSON.stringify({ shown: { json: false, pager: true } })}\n`;
    const cases: [string, (response: ServerResponse) => void, unknown][] = [
      ['ends without a word', (response) => response.destroy(), 'xaxbot stopped before it answered.'],
      [
        'read it',
        (response) => void response.write(shown, () => response.destroy()),
        'xaxbot stopped before it answered.',
      ],
      ['did not read it', (response) => response.end(), false],
      ['is of a version that cannot', (response) => response.end('{"reply": {"final": true}}\n'), false],
    ];
    for (const [what, answer, expected] of cases) {
      const { socketPath, close } = await listening(answer);
      const heard: unknown[] = [];
      const outcome = await askAsTyped(
        socketPath,
        { typed: ['queue', 'toy'] },
        () => {},
        (reply) => heard.push(reply),
      ).catch((error: Error) => error.message);
      close();
      expect([outcome, heard], what).toEqual([expected, []]);
    }
  });

  it('is told of in one line, before any answer and in the middle of them', async () => {
    const told = { code: 'no-answer', message: 'xaxbot stopped before it answered.' };
    expect((await answering((response) => response.destroy())).outcome).toMatchObject(told);
    const { outcome, heard } = await answering((response) => {
      response.writeHead(200);
      response.write(`${JSON.stringify({ reply: { final: false } })}\n{"reply": {"fin`);
      setTimeout(() => response.destroy(), 20);
    });
    expect([outcome, heard]).toEqual([expect.objectContaining(told), [{ final: false }]]);
  });
});
