import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentRow } from '../../src/core/experiment.ts';
import type { JobFacts } from '../../src/core/facts.ts';
import { isEnded, type JobStatus } from '../../src/core/job.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { quoted } from '../../src/core/quoting.ts';
import { run } from '../../src/processes/run.ts';
import { createXaxQueue } from '../../src/queue/xax/index.ts';
import { startTestBot } from '../bot.ts';
import { xaxOf } from '../config/load.ts';
import { rowsOf } from '../experiments/world.ts';
import { eventually } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import { startXax, type XaxHarness } from './xax-harness.ts';
import { realXax } from './xax-places.ts';

/** The settings that the recorded toy gets besides: a text and a choice, which YAML reads otherwise than people. */
const SETTINGS = '    tag: str = xax.field("x")\n    augment: str = xax.field("heavy")\n';
const CHOICES = ['off', 'on', 'null', '1e3', '1.10', 'light'];
const TOY = join(import.meta.dirname, '..', 'fixtures', 'xax', 'runs', 'run_005', 'code', 'examples');
const FACTS = join(import.meta.dirname, 'run_facts.py');
const PATIENCE_MS = 20 * 60_000;

interface Made {
  /** What is typed for the run, by setting. */
  typed: Record<string, string>;
  end: JobStatus;
  /** Killed once it trains. */
  killed?: boolean;
  /** Begun again in the folder of the one before, as from a shell. */
  resumes?: boolean;
  jobId?: string;
}
const made = (
  typed: Record<string, string>,
  end: JobStatus = 'completed',
  more: Partial<Made> = {},
): Made => ({
  typed,
  end,
  ...more,
});
const RUNS: Made[] = [
  ...['1.10', '010', '1:30', 'null', 'a #b', '@x', 'yes', "it's: 5 €"].map((tag) =>
    made({ tag, max_steps: '12' }),
  ),
  ...CHOICES.map((augment) => made({ augment, max_steps: '12' })),
  ...['1', '400', '60'].map((max_steps) => made({ max_steps, learning_rate: '3e-3' })),
  made({ max_steps: '100000', sleep: '0.05', tag: '~' }, 'failed', { killed: true }),
  made({ max_steps: '300' }, 'completed', { resumes: true }),
  made({ fail_at: '7', augment: 'off' }, 'failed'),
  made({ fail_at: '1', tag: '08' }, 'failed'),
];

/** Runs a program to its end, and returns what it printed. */
async function printed(argv: string[], env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run({
    argv,
    env,
    cwd,
    timeoutMs: 120_000,
    maxOutputBytes: 4_000_000,
  });
  if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
  return stdout.toString('utf8');
}

const place = realXax();

describe.skipIf(!place)('twenty and more runs of a real xax', { timeout: PATIENCE_MS }, () => {
  let harness: XaxHarness;
  let bot: Awaited<ReturnType<typeof startTestBot>>;
  let project: string;
  const facts = async ({ jobId }: Made) => {
    const { data } = await bot.ask(`job ${jobId}`);
    return (data as { facts: JobFacts }).facts;
  };
  const statusOf = ({ jobId }: Made) => harness.queue.snapshot()?.jobs.get(jobId!)?.status;
  const words = (typed: Record<string, string>) =>
    Object.entries(typed)
      .map(([key, value]) => `${key}=${quoted(value)}`)
      .join(' ');

  beforeAll(async () => {
    harness = await startXax(place!);
    project = join(harness.folder, 'project');
    cpSync(TOY, join(project, 'examples'), { recursive: true });
    writeFileSync(join(project, 'examples', '__init__.py'), '');
    const toy = readFileSync(join(TOY, 'toy.py'), 'utf8');
    writeFileSync(join(project, 'examples', 'labelled.py'), toy.replace(/^(?= {4}fail_at:)/m, SETTINGS));
    await harness.queue.start(() => {});
    bot = await startTestBot({
      folder: harness.folder,
      home: harness.home,
      env: { XAX_BIN: place!.xaxBin, JAX_PLATFORMS: 'cpu', PATH: harness.env.PATH, HOME: harness.folder },
      yaml: `session: {objective: {metric: value/loss, mode: min}}
kill: {grace_seconds: 2}
presets:
  labelled:
    cwd: ${project}
    argv: [${place!.python}, -m, examples.labelled]
    options:
      tag: {type: text}
      augment: {type: choice, choices: [${CHOICES.map((choice) => JSON.stringify(choice)).join(', ')}]}
      max_steps: {type: integer, min: 1}
      learning_rate: {type: number}
      sleep: {type: number}
      fail_at: {type: integer}
`,
      queue: (config) =>
        createXaxQueue({
          ...xaxOf(config),
          env: config.childEnv,
          clock: Date.now,
          log: quietLog,
          pollMs: 200,
        }),
    });
  }, PATIENCE_MS);
  afterAll(async () => {
    await bot?.app.stop();
    await harness?.close();
  }, PATIENCE_MS);

  /** In the folder of the run that was killed: what xax calls a resumed run. From a shell, since chat sets no folder. */
  async function resume(one: Made): Promise<string> {
    const before = (await facts(RUNS[RUNS.indexOf(one) - 1]!)).job;
    const argv = [
      place!.python,
      '-m',
      'examples.labelled',
      '--launcher',
      'queued',
      `run_dir=${before.runDir}`,
    ];
    const child = spawn(argv[0]!, [...argv.slice(1), 'max_steps=300'], {
      cwd: project,
      env: harness.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    await once(child, 'close');
    const jobId = /Queued (job-\d+)/.exec(said)?.[1];
    if (jobId === undefined) throw new Error(said);
    return jobId;
  }

  it('were launched as typed, and ended as they should', async () => {
    for (const each of RUNS) {
      if (each.resumes) each.jobId = await resume(each);
      else {
        const reply = await bot.ask(`queue labelled ${words(each.typed)}`);
        if (!reply.ok) throw new Error(`${words(each.typed)}: ${plainText(reply.message)}`);
        each.jobId = (reply.data as { jobId: string }).jobId;
      }
      if (!each.killed) continue;
      const trains = async () => ((await facts(each)).progress?.step ?? 0) > 60;
      await eventually('it trains', trains, PATIENCE_MS);
      expect((await bot.ask(`kill ${each.jobId}`, { confirm: true })).ok).toBe(true);
    }
    await eventually(
      'all ended',
      () => RUNS.every((each) => isEnded(statusOf(each) ?? 'queued')),
      PATIENCE_MS,
    );
    await bot.app.settled();
    expect(RUNS.map(statusOf)).toEqual(RUNS.map(({ end }) => end));
  });

  it('have cards, log rows and settings that agree with their files', async () => {
    const all = await Promise.all(RUNS.map(facts));
    const folders = all.map(({ job }) => job.runDir);
    const lines = await printed([place!.python, FACTS, ...folders], harness.env, project);
    const truths = lines
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as { config: Record<string, unknown>; step: number | null; loss: number | null },
      );
    const [session] = readdirSync(join(harness.home, 'experiments'));
    const rows = rowsOf(join(harness.home, 'experiments', session!, 'experiment_log.csv'));
    const told = RUNS.map((one, index) => {
      const { job, objective, assignments, cause } = all[index]!;
      const row = [...rows.values()].find(({ queue_job_id }) => queue_job_id === job.jobId) as ExperimentRow;
      return { jobId: job.jobId, one, truth: truths[index]!, objective, assignments, cause, row };
    });
    /** What is told of a run, and what its files say. */
    const pairs: { what: string; told: unknown; true: unknown }[] = [];
    for (const { jobId, one, truth, objective, assignments, cause, row } of told) {
      const compare = (what: string, is: unknown, should: unknown) =>
        pairs.push({ what: `${jobId} ${words(one.typed)}: ${what}`, told: is, true: should });
      // The run that was killed shares its folder with the one that resumed it, whose files these are.
      for (const key of ['tag', 'augment'] as const)
        if (one.typed[key] !== undefined && !one.killed) compare(key, truth.config[key], one.typed[key]);
      if (!one.resumes) compare('settings', assignments, one.typed);
      compare('status', row.status, one.end);
      compare('a cause', cause !== '', one.end === 'failed');
      if (one.killed || truth.loss === null) continue;
      compare('value', objective?.value, expect.closeTo(truth.loss, 5));
      if (one.end === 'completed')
        compare('value in the log', Number(row.objective_value), expect.closeTo(truth.loss, 5));
      const { values } = (await bot.ask(`metrics ${jobId} value/loss`)).data as {
        values: { tag: string; step: number }[];
      };
      compare('step', values.find(({ tag }) => tag === 'value/loss')?.step, truth.step);
    }
    expect(pairs.length).toBeGreaterThan(RUNS.length * 3);
    expect(pairs.map(({ what, told: is }) => [what, is])).toEqual(
      pairs.map(({ what, true: should }) => [what, should]),
    );
  });
});
