import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainText } from '../../src/core/plain-text.ts';
import { eventually } from '../helpers.ts';
import { parseExperimentLog } from '../parsing.ts';
import { ADA, BOB, type ToyBot, toyBot } from '../toy-bot.ts';

const SEED = { random_seed: { type: 'integer', min: 0, max: 9999, default: 1 } };

describe('what a run that ended is read as', () => {
  let world: ToyBot;
  const said = (words: string, person = ADA) => world.said(words, person);
  const csv = () => world.csv('study');
  const row = (id: string) =>
    parseExperimentLog(readFileSync(csv(), 'utf8')).rows.find(({ fields }) => fields.experiment_id === id)
      ?.fields;
  const jobs = new Map<string, string>();

  /** Runs an experiment to its end, with this as its copy of the code, until its value is in the log. */
  async function made(name: string, words: string, code = 'v1'): Promise<void> {
    const { data } = await world.ask(`queue toy ${words} name=${name}`);
    const { jobId, runDir } = data as { jobId: string; runDir: string };
    jobs.set(name, jobId);
    mkdirSync(join(runDir, 'code'), { recursive: true });
    writeFileSync(join(runDir, 'code', 'toy.py'), code);
    await eventually(`the end of ${name}`, () => !!row(name)?.objective_value);
  }
  const reading = async (name: string) => {
    const { data } = await world.ask(`job ${jobs.get(name)}`);
    return (data as { analysis: { reading: string; because: string; noise: unknown; mean: unknown } })
      .analysis;
  };

  beforeAll(async () => {
    world = await toyBot({ settings: { presets: { toy: { options: SEED } } }, launchedSeconds: 0.15 });
    await said('session new study metric=value/loss mode=min');
    await made('base', 'learning_rate=0.01 hypothesis="a baseline"');
  }, 30_000);
  afterAll(() => world.stop());

  it('is no repeat when its code differs, though its options are the same', async () => {
    await made('recoded', 'learning_rate=0.01 parent=base', 'v2');
    const { because, mean } = await reading('recoded');
    expect(because).not.toMatch(/repeats/);
    expect(mean).toBeNull();
  });

  it('is a repeat with another seed, and from then on the seed noise is known', async () => {
    expect((await reading('recoded')).because).toMatch(/curves|noise/);
    await made('again', 'learning_rate=0.01 random_seed=2 parent=base');
    expect(await reading('again')).toMatchObject({
      reading: 'no clear change',
      because: 'it repeats the parent base: only the seeds differ',
      noise: { source: 'repeats', runs: 2 },
      mean: { runs: 2 },
    });
    await made('third', 'learning_rate=0.01 random_seed=3 parent=base');
    await made('wild', 'learning_rate=0.9 parent=base');
    expect(await said(`job ${jobs.get('wild')}`)).toMatch(
      /[\d.]+ ± [\d.e-]+ \(seed noise, from 3 repeated runs\); .* worse than the parent base \([\d.]+, the mean of 3\)/,
    );
    expect(await reading('wild')).toMatchObject({
      reading: 'worse',
      because: 'compared with the parent base, by more than seed noise',
    });
  });

  it('names as the best one that had ended before, whatever came later', async () => {
    await made('better', 'learning_rate=0.006');
    const { differences } = (await reading('wild')) as unknown as { differences: { experimentId: string }[] };
    expect(differences.map(({ experimentId }) => experimentId)).not.toContain('better');
  });

  it('goes by what the session is after now: values are recomputed, except those that people wrote', async () => {
    const names = ['base', 'recoded', 'again', 'third', 'better'];
    const values = () => names.map((name) => Number(row(name)!.objective_value));
    const before = values();
    writeFileSync(csv(), readFileSync(csv(), 'utf8').replace(row('wild')!.objective_value!, '7.5'));
    await eventually('the edit', async () => /value: *7\.5|7\.5/.test(await said('experiment show wild')));
    expect(await said('session change take=best')).toMatch(/by its best/);
    // A curve's last point may be its best.
    await eventually('the best points', () => values().some((value, index) => value < before[index]!));
    expect(values().every((value, index) => value <= before[index]!)).toBe(true);
    expect(row('wild')!.objective_value).toBe('7.5');
    await said('session change metric=value/mae mode=min');
    await eventually('the other metric', () => row('base')!.objective_metric === 'value/mae');
    expect(row('wild')).toMatchObject({ objective_metric: 'value/loss', objective_value: '7.5' });
  });

  it('is judged once it has ended, and nobody loses what they say of it', async () => {
    const { data } = await world.ask('queue toy learning_rate=0.02 hypothesis=late name=late');
    const { jobId } = data as { jobId: string };
    const early = await world.ask(`verdict ${jobId} confirmed early`);
    expect([early.ok, plainText(early.message)]).toEqual([
      false,
      expect.stringMatching(/is (queued|running): give a verdict when it has ended/),
    ]);
    await eventually('its end', () => row('late')?.status === 'completed');
    await said('experiment edit late next="Eve: try a warm-up"');
    expect(await said(`verdict ${jobId} next="look at it again" confirmed as expected`)).toMatch(
      /confirmed by Ada: as expected\nNext: look at it again/,
    );
    const second = await world.ask(`verdict ${jobId} next="drop it" refuted my own view`, BOB);
    expect(second.ok).toBe(false);
    await world.ask(`verdict ${jobId} refuted my own view`, BOB);
    await eventually('the notes', () => !!row('late')?.notes?.includes('my own view'));
    expect(row('late')).toMatchObject({
      result_summary: 'confirmed: as expected',
      next_action: 'look at it again',
    });
    const notes = row('late')!.notes!.split('\n');
    expect(notes).toContain('Ada: next was before: Eve: try a warm-up');
    expect(notes).toContain('Bob: said also: refuted: my own view; next: drop it');
    expect((await world.ask(`verdict ${jobId} confirmed as expected`, BOB)).ok).toBe(true);
  });

  it('stays open until there is a verdict, though somebody wrote something else', async () => {
    await world.ask('hypothesis add "it is wild"');
    const { jobId } = (await world.ask('queue toy learning_rate=0.03 hypothesis=open name=open')).data as {
      jobId: string;
    };
    await eventually('its end', () => row('open')?.status === 'completed');
    const text = readFileSync(csv(), 'utf8');
    writeFileSync(
      csv(),
      text.replace(/^open,.*$/m, (line) => line.replace('return_code=0', 'to be looked at by Eve')),
    );
    await eventually('the edit', async () => /Eve/.test(await said('experiment show open')));
    expect(await said('verdicts')).toMatch(/open completed/);
    expect(await said(`verdict ${jobId} inconclusive`)).toMatch(
      /inconclusive by Ada: to be looked at by Eve/,
    );
    expect(await said('verdicts')).not.toMatch(/open completed/);
  });

  it('is told in its thread from whatever adapter the verdict comes', async () => {
    const told = world
      .bot()
      .app.parts.db.prepare<[], { body: string }>("SELECT body FROM web_messages WHERE key LIKE 'verdict:%'")
      .all()
      .map(({ body }) => body);
    expect(told.some((body) => body.includes('to be looked at by Eve'))).toBe(true);
  });
});
