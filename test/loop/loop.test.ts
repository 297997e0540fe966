import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { enterWeb } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { parseExperimentLog } from '../parsing.ts';
import { ADA, BOB, buttonsOf, type ToyBot, toyBot, words } from '../toy-bot.ts';

describe('the experiment loop', () => {
  const folder = temporaryFolder();
  let bot: ReturnType<ToyBot['bot']>;
  let world: ToyBot;
  let reader: Awaited<ReturnType<typeof enterWeb>> | undefined;
  const said = (words: string, person = ADA) => world.said(words, person);
  const rows = (session: string) =>
    parseExperimentLog(
      readFileSync(join(folder, 'experiments', session, 'experiment_log.csv'), 'utf8'),
    ).rows.map(({ fields }) => fields);
  const ended = (jobId: string) => world.ended(jobId);
  const threadOf = async (jobId: string) => {
    reader ??= await enterWeb(bot, 'ada');
    const { messages } = await reader.get<{ messages: ChatMessage[] }>('messages?channel=queue');
    const card = messages.find(
      ({ message }) =>
        plainText(message).includes(`${jobId}\n`) &&
        message.blocks.length > 1 &&
        !plainText(message).startsWith('Queue'),
    );
    if (!card) return [];
    const thread = await reader.get<{ messages: ChatMessage[] }>(`thread?root=${card.id}`);
    return thread.messages.map(({ message }) => message);
  };

  beforeAll(async () => {
    world = await toyBot({ folder });
    bot = world.bot();
  });
  afterAll(() => world.stop());

  it('begins with a session: what it is after, by when, and whose it is', async () => {
    expect(
      await said('session new lr-study metric=value/loss mode=min target=0.05 runs=9 until=2030-01-01'),
    ).toMatch(
      /New session: lr-study\nobjective: value\/loss, lower is better, by its last value\ntarget: 0\.05\nruns: 9/,
    );
    expect(await said('session')).toMatch(/lr-study\n.*runs: 0 of 9/s);
    expect(await said('session new lr-study')).toMatch(/There is already a session lr-study/);
    expect(await said('session new ../up')).toMatch(/cannot name a session/);
    expect(await said('session use lr-stdy')).toMatch(/no session "lr-stdy".*lr-study/);
    expect(await said('session new half metric=value/loss')).toMatch(/mode is missing/);
    expect(existsSync(join(folder, 'experiments/half'))).toBe(false);
    expect(await said('session change hours=3')).toMatch(/hours: 3/);
    expect(await said('session', BOB)).toMatch(/by: Ada/);
  });

  it('plans an experiment before its launch, and launches it from what was planned', async () => {
    expect(
      await said('plan toy learning_rate=0.02 hypothesis="a start #lr" expected="loss below 1" name=base'),
    ).toMatch(/Planned base: toy learning_rate=0\.02\nHypothesis: a start #lr\nExpected: loss below 1/);
    expect(await said('plan toy learning_rate=7 hypothesis="x"')).toMatch(/learning_rate is "7"; accepted/);
    expect(await said('plan toy hypothesis="x" name=a/b')).toMatch(/cannot name an experiment/);
    expect(await said('plan toy hypothesis="x" parent=nobody')).toMatch(/no experiment "nobody"/);
    const { data } = await bot.ask('queue experiment=base', { person: ADA });
    const { jobId, experimentId } = data as { jobId: string; experimentId: string };
    expect(experimentId).toBe('base');
    await ended(jobId);
    await eventually(
      'its end and its value',
      () =>
        rows('lr-study').find(
          ({ experiment_id, status }) => experiment_id === 'base' && status === 'completed',
        )?.objective_value,
    );
    expect(rows('lr-study')).toMatchObject([
      {
        experiment_id: 'base',
        queue_job_id: jobId,
        status: 'completed',
        hypothesis: 'a start #lr',
        command: expect.stringContaining('learning_rate=0.02'),
        notes: expect.stringContaining('expected: loss below 1'),
      },
    ]);
  });

  it("reads the numbers of a run that ended in its thread, beside its parent's", async () => {
    const { data } = await bot.ask(
      'queue toy learning_rate=0.03 hypothesis="faster" parent=base name=second',
      {
        person: ADA,
      },
    );
    const { jobId } = data as { jobId: string };
    await ended(jobId);
    const ending = await eventually('its reading', async () =>
      (await threadOf(jobId))
        .map((message) => plainText(message))
        .find((text) => text.includes('Proposed reading')),
    );
    expect(ending).toMatch(
      /value\/loss [\d.]+( ± [\d.e-]+ \(the jitter of its curve\))?; [\d.e-]+ (better|worse) than the parent base/,
    );
    expect(ending).toMatch(/Proposed reading: (improved|worse|no clear change): .*the parent base/);
    expect(ending).toMatch(/Hypothesis: faster/);
  });

  it("keeps the team's verdict, and nobody writes over it by mistake", async () => {
    expect(await said('verdicts')).toMatch(/2 runs wait for a verdict.*second completed.*base completed/s);
    expect(await said('verdict last confirmed next="try 0.05" smoother')).toMatch(
      /^job-\d+: confirmed by Ada: smoother/,
    );
    expect(await said('verdicts')).toMatch(/1 run waits/);
    const again = await bot.ask('verdict last refuted no', { person: BOB });
    expect([again.ok, plainText(again.message)]).toEqual([
      false,
      expect.stringMatching(/Someone already wrote: "confirmed: smoother".*replace=true/),
    ]);
    expect(await said('verdict last refuted replace=true on a closer look', BOB)).toMatch(
      /refuted by Bob: on a closer look/,
    );
    const second = await eventually('the log', () =>
      rows('lr-study').find(({ result_summary }) => result_summary === 'refuted: on a closer look'),
    );
    expect(second).toMatchObject({
      next_action: 'try 0.05',
      notes: expect.stringMatching(/Bob: said also: refuted: no\nBob: said before: confirmed: smoother/),
    });
  });

  it("takes an experiment's id wherever a job is asked for", async () => {
    expect(await said('job base')).toMatch(/^toy job-0000001\n.*experiment: base/s);
    expect(await said('logs second')).toMatch(/Finished training/);
    expect(await said('compare base second')).toMatch(
      /job-0000002 vs job-0000001: learning_rate 0\.02 → 0\.03/,
    );
    await bot.ask('plan toy learning_rate=0.07 hypothesis="later" name=later', { person: ADA });
    expect(await said('verdict later confirmed no')).toBe(
      'later has no job yet: it is only planned. "/xax queue experiment=later" launches one.',
    );
    expect(await said('verdict latr confirmed no')).toMatch(/^There is no job "latr"/);
    await bot.ask('experiment supersede later', { person: ADA });
  });

  it('finds, edits and supersedes experiments, and refuses a loop of parents', async () => {
    const list = await said('experiment list tag=lr');
    expect(list).toMatch(/^base +completed +0\.\d{1,5} /m);
    expect(await said('experiment list tag=lr')).not.toMatch(/second/);
    expect(await said('experiment list search=FASTER status=completed')).toMatch(/second/);
    expect(await said('experiment show base')).toMatch(
      /hypothesis: a start #lr.*preset: toy.*expected: loss below 1/s,
    );
    expect(await said('experiment edit base parent=second')).toMatch(/cannot be the parent: it follows base/);
    expect(await said('experiment edit base parent=base')).toMatch(/cannot be its own parent/);
    expect(await said('experiment edit base next="look again"')).toMatch(/Edited next_action of base/);
    expect(await said('experiment edit nobody next=x')).toMatch(/no experiment "nobody"/);
    expect(await said('experiment supersede base by=second')).toMatch(/Superseded base/);
    await eventually('the log', () => rows('lr-study').some(({ status }) => status === 'superseded'));
  });

  it('suggests what to try next, which can be planned, queued or put off, and says why', async () => {
    const reply = await bot.ask('suggest 2', { person: ADA });
    const text = plainText(reply.message);
    expect(text).toMatch(
      /^queue toy learning_rate=[\d.e-]+ parent=second hypothesis="learning_rate .*" expected="unknown: .*"\nHypothesis: learning_rate 0\.03 → .* shows whether/,
    );
    expect(text).toMatch(/Why: around the best run/);
    const buttons = buttonsOf(reply);
    const press = async (label: string, more: Record<string, string> = {}) => {
      const button = buttons.find((each) => each.label === label)!;
      return words(await world.press({ ...button, options: { ...button.options, ...more } }));
    };
    expect(await press('Plan')).toMatch(
      /^Planned plan-1: toy with the preset's defaults\n.*learning_rate.*Expected: unknown/s,
    );
    expect(await press('Dismiss', { reason: 'tried elsewhere' })).toMatch(
      /^Dismissed: toy learning_rate=.*Ada: tried elsewhere/,
    );
    reader ??= await enterWeb(bot, 'ada');
    const offered = await reader.post('suggest', {
      channel: 'queue',
      command: 'notnow',
      option: 'settings',
      typed: '',
      given: { preset: 'toy' },
    });
    expect(offered).toMatchObject({ completions: [{ insert: 'learning_rate=' }] });
    const [first] = (reply.data as { suggestions: { settings: Record<string, string> }[] }).suggestions;
    const again = (await bot.ask('suggest 3', { person: ADA })).data as typeof reply.data;
    expect(
      (again as { suggestions: { settings: unknown }[] }).suggestions.map(({ settings }) => settings),
    ).not.toContainEqual(first!.settings);
  });

  it('plans a sweep within the budget, after saying what it costs', async () => {
    const question = await bot.ask('sweep toy learning_rate=0.0005..0.5 points=4', { person: ADA });
    expect(plainText(question.message)).toMatch(
      /^Plan 4 runs of toy over learning_rate 0\.0005, 0\.005, 0\.05, 0\.5 \(log\)\? They would take about .* The budget has \d runs left; 1 is planned already\./,
    );
    expect(await said('sweep toy learning_rate=0.0001..0.1 points=20')).toMatch(
      /That is 20 runs, and the session's budget has \d left/,
    );
    expect(await said('sweep toy learning_rate=0.1')).toMatch(/No option is given as a range/);
    expect(await said('sweep toy nothing=1..2')).toMatch(
      /nothing is not a number in the preset toy.*learning_rate/,
    );
    const done = await bot.ask('sweep toy learning_rate=0.0005..0.5 points=4', {
      person: ADA,
      confirm: true,
    });
    expect(done.data).toMatchObject({
      state: 'planned',
      axes: [{ key: 'learning_rate', values: ['0.0005', '0.005', '0.05', '0.5'], spacing: 'log' }],
    });
  });

  it('writes the report, and gives out the log in other forms', async () => {
    const text = await said('report');
    expect(text).toMatch(/^lr-study: .*planned/);
    expect(text).toMatch(/Scoreboard of lr-study/);
    const written = readFileSync(join(folder, 'experiments/lr-study/experiment_report.md'), 'utf8');
    expect(written).toMatch(/^# Experiment Monitor Report\n\nGenerated: /);
    expect(written).toMatch(/## Learnt\n\n- second: refuted: on a closer look \(hypothesis: faster\)/);
    const { name, file } = (await bot.ask('export markdown', { person: ADA })).data as {
      name: string;
      file: { file: string };
    };
    expect(name).toBe('experiment_log.md');
    expect(readFileSync(bot.app.parts.files.pathOf(file)!, 'utf8')).toMatch(/^\| experiment_id \|/);
    await bot.ask('experiment edit second next="=HYPERLINK(1)"', { person: ADA });
    const read = async (words: string) => {
      const reply = (await bot.ask(words, { person: ADA })).data as { file: { file: string } };
      return readFileSync(bot.app.parts.files.pathOf(reply.file)!, 'utf8');
    };
    expect(await read('export spreadsheet=true')).toContain(",'=HYPERLINK(1),");
    expect(await read('export')).toContain(',=HYPERLINK(1),');
    expect(JSON.parse(await read('export json'))).toContainEqual(
      expect.objectContaining({ experiment_id: 'second' }),
    );
  });

  it('tells what the day has come to', async () => {
    const text = await said('digest');
    expect(text).toMatch(/^The last day of lr-study/);
    expect(text).toMatch(/the whole queue: 2 completed/);
    expect(text).toMatch(/second +completed +[\d.]+ /);
    expect(text).toMatch(/Learnt from second: refuted: on a closer look \(faster\)/);
    expect(text).toMatch(/(Next: learning_rate .* shows whether|Time to stop: )/);
    expect(await said('digest week')).toMatch(/^The last week of lr-study/);
  });

  it('counts hours by the GPUs that the queue has, in the budget and in the digest', async () => {
    expect(await said('digest')).toMatch(/queue busy: /);
    expect((await bot.ask('observer restart queue-num-gpus=4', { person: ADA, confirm: true })).ok).toBe(
      true,
    );
    expect(await said('digest')).toMatch(/GPU hours: [\d.]+ used, 9\d(\.\d)? idle \(4 GPUs\)/);
    const { data } = await bot.ask('queue toy learning_rate=0.05', { person: ADA });
    const { jobId } = data as { jobId: string };
    await ended(jobId);
    await bot.app.settled();
    expect((await bot.ask(`job ${jobId}`)).data).toMatchObject({ facts: { job: { gpus: 4 } } });
  });

  it('may have a session of its own in a channel', async () => {
    const inOther = (words: string) => world.said(words, ADA, { channel: 'other' });
    expect(await inOther('session new wide metric=value/loss mode=min here=true')).toMatch(
      /New session, in this channel: wide/,
    );
    expect(await said('session')).toMatch(/^lr-study/);
    expect(await said('session show wide')).toMatch(/^wide\n.*runs: 0\nGPU hours: 0\n/s);
    expect(await inOther('digest')).toMatch(/^The last day of wide/);
    expect(await inOther('experiment list')).toBe('No experiments yet.');
    expect(await inOther('plan toy hypothesis="another study" name=base')).toMatch(/Planned base/);
    await inOther('queue experiment=base');
    const [row] = await eventually('the row in its own log', () => {
      const found = rows('wide').filter(({ queue_job_id }) => queue_job_id !== '');
      return found.length > 0 && found;
    });
    expect(row).toMatchObject({ experiment_id: 'base', hypothesis: 'another study' });
    await ended(row!.queue_job_id!);
    await eventually('its value', () => rows('wide')[0]!.objective_value !== '');
    await bot.app.settled();
    expect(rows('lr-study').map(({ experiment_id }) => experiment_id)).toContain('second');
    expect(await inOther('session use here=true')).toMatch(/Now in use: lr-study/);
    expect(await said('session list')).toMatch(/lr-study\s+\d+\s.*in use.*\nwide\s+1/s);
    expect(await said('session close wide')).toMatch(/Closed; its rows and folder stay: wide/);
    expect(await said('session close lr-study')).toMatch(/is the session in use/);
  });

  it('asks, once, what a job that was started from a shell should show', async () => {
    const job = await world.enqueue(0.2);
    await ended(job.jobId);
    const texts = await eventually('the question', async () => {
      const found = (await threadOf(job.jobId)).map((message) => plainText(message));
      return found.some((text) => text.includes('what do you expect from')) && found;
    });
    expect(
      texts.filter((text) => text.includes(`${job.jobId}: what do you expect from it, @Ada?`)),
    ).toHaveLength(1);
  });

  it('goes on with the session a script made, after a restart too', async () => {
    mkdirSync(join(folder, 'experiments/by-script'));
    expect(await said('session list')).toMatch(/by-script\s+on disk/);
    expect(await said('session use by-script')).toMatch(/Now in use: by-script/);
    await world.restart();
    expect(await said('session')).toMatch(/^by-script/);
    expect(await said('session use lr-study')).toMatch(/objective: value\/loss/);
  });
});
