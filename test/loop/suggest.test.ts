import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/core/adapter.ts';
import type { Button } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { Stop, Suggestion } from '../../src/core/suggestion.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { parseExperimentLog } from '../parsing.ts';
import { ADA, buttonsOf, type ToyBot, toyBot } from '../toy-bot.ts';

/** What is tried in each of the presets. */
const presets = (project: string) => ({
  toy: {
    argv: ['python', '-m', 'examples.toy.ToyRegression'],
    options: {
      hidden_dim: { type: 'integer', min: 1, max: 4096 },
      warmup: { type: 'boolean', default: false },
      note: { type: 'text', default: 'two words' },
    },
  },
  other: {
    cwd: project,
    argv: ['python', '-m', 'another.task.Other'],
    options: { batch_size: { type: 'integer', min: 1, max: 64, default: 8, tune: false } },
  },
});

describe('suggestions and sweeps through the whole bot', () => {
  const folder = temporaryFolder();
  const settings = { channels: [{ id: 'queue' }], presets: presets(folder) };
  let world: ToyBot;
  const ask = (words: string, confirm = false) => world.ask(words, ADA, { preconfirmed: confirm });
  const said = async (words: string, confirm = false) => plainText((await ask(words, confirm)).message);
  const suggested = async (words: string) =>
    (await ask(words)).data as {
      preset: string;
      stop: Stop | null;
      suggestions: Suggestion[];
      none: string | null;
    };
  const press = (button: Button, more: Record<string, string> = {}): Promise<Reply> =>
    world.press({ ...button, options: { ...button.options, ...more } });
  const rows = (session = 's1') =>
    parseExperimentLog(
      readFileSync(join(folder, 'experiments', session, 'experiment_log.csv'), 'utf8'),
    ).rows.map(({ fields }) => fields);
  const withValue = (id: string) =>
    eventually(`the value of ${id}`, () =>
      rows().find(
        ({ experiment_id, queue_job_id, objective_value }) =>
          (experiment_id === id || queue_job_id === id) && objective_value !== '',
      ),
    );
  const fromShell = async (settings: Record<string, string>) => {
    const { jobId } = await world.enqueue(0.1, settings);
    await withValue(jobId);
    return jobId;
  };

  beforeAll(async () => {
    world = await toyBot({ folder, settings, launchedSeconds: 0.2 });
    await ask('session new s1 metric=value/loss mode=min target=0.0001');
  });
  afterAll(() => world.stop());

  it('keep texts with spaces whole in every button and in the command that is shown', async () => {
    const reply = await ask('suggest preset=toy');
    const [plan, run] = buttonsOf(reply);
    const planned = await press(plan!);
    expect(planned.data).toMatchObject({ assignments: { note: 'two words' } });
    expect(plainText(planned.message)).toMatch(/^Planned plan-1: toy .*the preset's defaults/);
    const { data, ok } = await press(run!);
    expect([ok, data]).toMatchObject([true, { assignments: { note: 'two words', learning_rate: '0.01' } }]);
    const { experimentId } = data as { experimentId: string };
    const row = await withValue(experimentId);
    expect(row).toMatchObject({ hypothesis: 'a baseline to measure the others against' });
    expect(row.notes).toContain('expected: a first value of value/loss');

    const shown = (await ask('suggest preset=toy')).message.blocks.find((block) => block.kind === 'code')!;
    const typed = await ask(shown.text);
    expect(typed.data).toMatchObject({ state: 'queued', assignments: { note: 'two words' } });
    const next = await withValue((typed.data as { experimentId: string }).experimentId);
    expect(next.parent_experiment_id).toBe(experimentId);
    expect(next.notes).toContain('expected: unknown');
  });

  it('go by runs that were started elsewhere, with the settings that they came to', async () => {
    const id = await fromShell({
      learning_rate: '0.005',
      hidden_dim: '32',
      warmup: 'false',
      note: 'two words',
    });
    const found = await suggested('suggest 3');
    expect(found.preset).toBe('toy');
    expect(found.suggestions[0]!.rows).toContain(id);
    for (const { settings, changes, parent } of found.suggestions) {
      expect(settings).toMatchObject({ note: 'two words' });
      expect(changes).toHaveLength(1);
      if (changes[0]!.key !== 'hidden_dim')
        expect(settings.hidden_dim).toBe(parent === id ? '32' : undefined);
    }
    const tried = await suggested('suggest 3');
    expect(tried).toEqual(found);
  });

  it('reach the target with whatever run, and say which budget is spent', async () => {
    await ask('session change target=1000');
    expect((await suggested('suggest preset=other')).stop?.why).toMatch(
      /^the target 1000 is reached: (job|plan)-/,
    );
    const until = new Date(Date.now() + 2_000).toISOString();
    await ask(`session change target=0.0001 until=${until}`);
    await eventually('the end of its time', async () =>
      (await suggested('suggest')).stop?.why.startsWith(
        `the session's time ran out at ${until.slice(0, 19)}Z`,
      ),
    );
    expect(await said('suggest preset=toy')).toMatch(
      /Stop rule met: the session's time ran out at .*Advice: stop: nothing is left to spend\. If you continue anyway:/s,
    );
    await ask('session change until=2090-01-01 runs=1');
    expect((await suggested('suggest')).stop?.why).toMatch(/^the budget of 1 runs is spent: 3 were made/);
    await ask('session change runs=12');
  });

  it('give the same answer from a new database with the same log and run folders', async () => {
    await ask('experiment supersede plan-1');
    const before = await suggested('suggest 3');
    await world.bot().app.settled();
    await world.restart({ settings, env: { XAXBOT_DATA_DIR: join(folder, 'data-2') } });
    await ask('session use s1');
    await ask('session change metric=value/loss mode=min target=0.0001 runs=12');
    await world.bot().app.settled();
    expect(await suggested('suggest 3')).toEqual(before);
  });

  it('remember a run whose folder is gone since', async () => {
    const before = await suggested('suggest 3');
    renameSync(join(folder, 'runs'), join(folder, 'moved'));
    expect(await suggested('suggest 3')).toEqual(before);
    rmSync(join(folder, 'runs'), { recursive: true, force: true });
    renameSync(join(folder, 'moved'), join(folder, 'runs'));
  });

  it('are dismissed with what is near them, listed, and taken back', async () => {
    const reply = await ask('suggest');
    const [{ changes, settings }] = (reply.data as { suggestions: [Suggestion] }).suggestions;
    const { key } = changes[0]!;
    const button = buttonsOf(reply).find(({ label }) => label === 'Dismiss')!;
    expect(button.options.about).toBe(key);
    expect(plainText((await press(button, { reason: 'diverged last month' })).message)).toMatch(
      new RegExp(`^Dismissed: toy .*Ada: diverged last month\\. Nothing is suggested near its ${key}\\.`),
    );
    const [next] = (await suggested('suggest')).suggestions;
    expect(next!.settings).not.toEqual(settings);
    expect(next!.why).toContain(`not ${key} near ${settings[key]}, since Ada: diverged last month`);
    expect(await said('dismissed')).toMatch(/1 +toy .* Ada +diverged last month/);
    expect(await said('putoff undo=1')).toMatch(/^May be suggested again: toy /);
    expect((await suggested('suggest')).suggestions[0]!.settings).toEqual(settings);
    expect(await said('putoff undo=1')).toMatch(/No dismissed suggestion has the number 1/);
    expect(await said('notnow toy learning_rate=0.3 about=width reason=x')).toMatch(/about names width/);
  });

  it('plan a sweep within what plans leave of the budget, and tell what was run from what is planned', async () => {
    const question = await said('sweep toy learning_rate=5e-3..0.5 points=3 hidden_dim=32');
    expect(question).toMatch(
      /^Plan 2 runs of toy over learning_rate 0\.005, 0\.05, 0\.5 \(log\), all with hidden_dim=32 warmup=false note="two words"\? .* The budget has \d runs left\. Left out: 1 run already\./,
    );
    const done = await ask('sweep toy learning_rate=5e-3..0.5 points=3 hidden_dim=32', true);
    const { runs } = done.data as { runs: { experimentId: string; expected: string }[] };
    expect(runs.map(({ expected }) => expected)).toEqual([
      expect.stringMatching(/^value\/loss about [-\d.]+ ± [\d.]+, by 3 runs$/),
      expect.stringMatching(/^value\/loss about/),
    ]);
    expect(buttonsOf(done).map(({ label }) => label)).toEqual([
      'Queue all 2',
      ...runs.map(({ experimentId }) => `Queue ${experimentId}`),
    ]);
    expect(await said('sweep toy learning_rate=0.005..0.50 points=3 hidden_dim=32')).toMatch(
      /None of these values is new: 1 run already, 2 planned already\. Add queue=true/,
    );
    await ask('session change runs=6');
    expect(await said('sweep toy warmup=true,false hidden_dim=16')).toMatch(
      /That is 2 runs, and the session's budget has 3 left, and 2 planned already/,
    );
    await ask('session change runs=12');
  });

  it('sweep what is declared not to be tuned only when it is named, and say so', async () => {
    expect(await said('sweep other batch_size=8,16')).toMatch(
      /^Plan 2 runs of other over batch_size 8, 16\? .* batch_size: declared tune: false, but swept because you name it\./,
    );
    expect(await said('sweep toy warmup=true,false hidden_dim=16')).not.toContain('tuned');
  });

  it('queue a whole sweep after one question, planned ones as they stand', async () => {
    const words = 'sweep toy learning_rate=0.005..0.5 points=3 hidden_dim=32 queue=true';
    expect(await said(words)).toMatch(/^Queue 2 runs of toy over .*\[Queue 2 runs\]$/s);
    await world.bot().app.settled();
    const planned = rows()
      .filter(({ status }) => status === 'planned')
      .map(({ experiment_id }) => experiment_id);
    const done = await ask(words, true);
    expect(plainText(done.message)).toMatch(/^Queued 2 runs of toy over learning_rate/);
    const { state, runs } = done.data as { state: string; runs: { experimentId: string; jobId: string }[] };
    expect(state).toBe('queued');
    expect(runs.map(({ experimentId }) => experimentId)).toEqual(planned.filter((id) => id !== 'plan-1'));
    for (const { experimentId, jobId } of runs) {
      expect(jobId).toMatch(/^job-/);
      expect((await withValue(experimentId)).queue_job_id).toBe(jobId);
    }
    expect(await said(words)).toMatch(/None of these values is new: 3 run already/);
  });
});
