import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentRow } from '../../src/core/experiment.ts';
import { cpuMs, eventually } from '../helpers.ts';
import { BOB, CLAUDE, type ToyBot, toyBot } from '../toy-bot.ts';

let world: ToyBot;

const ids = async (words: string): Promise<string[]> => {
  const { data } = await world.ask(words);
  return (data as { rows: ExperimentRow[] }).rows.map(({ experiment_id }) => experiment_id);
};

describe('experiment list', () => {
  beforeAll(async () => {
    world = await toyBot();
    await world.ask('session new s metric=value/loss mode=min');
    await world.ask('queue toy learning_rate=0.02 name=base hypothesis="first\nsecond line #lr"');
    await world.ask('plan toy learning_rate=0.03 hypothesis="h" name=child parent=base', BOB);
    await world.ask(`hypothesis add "${'long '.repeat(100)}" name=idea`);
    await world.ended('job-0000001');
  });
  afterAll(() => world.stop());

  it('takes filters: whose, of which parent, preset and task', async () => {
    expect(await ids('experiment list')).toEqual(['idea', 'child', 'base']);
    expect(await ids('experiment list owner=BOB')).toEqual(['child']);
    expect(await ids('experiment list parent=base')).toEqual(['child']);
  });

  it('takes the job of an experiment for its parent, and none for those without one', async () => {
    expect(await ids('experiment list parent=1')).toEqual(['child']);
    expect(await ids('experiment list parent=none')).toEqual(['idea', 'base']);
    expect(await ids('experiment list preset=toy')).toEqual(['child', 'base']);
    expect(await ids('experiment list task=EXAMPLES')).toEqual(['base']);
  });

  it('searches the command and the task too', async () => {
    expect(await ids('experiment list search="learning_rate=0.03"')).toEqual(['child']);
    expect(await ids('experiment list search=examples.toy')).toEqual(['child', 'base']);
    expect(await ids('experiment list tag=LR')).toEqual(['base']);
  });

  it('is cut, goes on where it was cut, and folds what is long', async () => {
    expect(await world.said('experiment list limit=2')).toMatch(
      /idea.*\n(.*\n)?child.*\nand 1 older; to see them add before=child/,
    );
    expect(await ids('experiment list limit=2 before=child')).toEqual(['base']);
    const lines = (await world.said('experiment list')).split('\n');
    expect(lines).toHaveLength(5);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(120);
    expect(lines.at(-1)).toMatch(/first second line #lr/);
  });

  it('refuses what is no filter, and what belongs to another action', async () => {
    expect(await world.said('experiment lits')).toMatch(
      /"lits" is neither an action.*Did you mean "\/xax experiment list"/,
    );
    expect(await world.said('experiment list base')).toMatch(/list takes no experiment/);
    expect(await world.said('experiment list learning_rate=0.02')).toMatch(/learning_rate/);
    expect(await world.said('experiment list by=base')).toMatch(
      /list does not take by\. by is for supersede/,
    );
    expect(await world.said('experiment edit base status=completed next=x')).toMatch(
      /edit does not take status/,
    );
    expect(await world.said('experiment show base')).not.toMatch(/next_action/);
  });

  it('is not needed to look one up: its name, or its job, is enough', async () => {
    expect(await world.said('experiment base')).toMatch(/^experiment_id: base/);
    expect(await world.said('experiment show job-0000001')).toMatch(/^experiment_id: base/);
    expect(await world.said('experiment show 1')).toMatch(/^experiment_id: base/);
    expect(await world.said('experiment show s/base')).toMatch(/^experiment_id: base/);
    expect(await world.said('plan toy hypothesis="x" name=of-job parent=1')).toMatch(/Planned of-job/);
    expect(await world.said('experiment show of-job')).toMatch(/parent_experiment_id: base/);
  });
});

describe('experiment edit', () => {
  beforeAll(async () => {
    world = await toyBot();
    await world.ask('session new s');
    await world.ask('plan toy hypothesis="h" expected="below 1" name=base');
    await world.ask('plan toy hypothesis="h" name=next parent=base');
  });
  afterAll(() => world.stop());
  const notes = async (id: string) => (await world.row('s', id))?.notes;

  it('adds tags and notes without the others being typed again, and takes tags out', async () => {
    await world.ask('experiment edit base tag=lr');
    await world.ask('experiment edit base tag=#warm-up note="see the spikes"');
    await world.ask('experiment edit base tag=lr');
    expect(await notes('base')).toBe('expected: below 1\n#lr\nAda: see the spikes\n#warm-up');
    expect(await ids('experiment list tag=warm-up')).toEqual(['base']);
    await world.ask('experiment edit base untag=LR');
    expect(await notes('base')).toBe('expected: below 1\nAda: see the spikes\n#warm-up');
    expect(await world.said('experiment edit base untag=lr')).toMatch(/have no #lr/);
    expect(await world.said('experiment edit base tag="two words"')).toMatch(/cannot be a tag/);
  });

  it('keeps what was expected when the notes are written anew', async () => {
    await world.ask('experiment edit base notes="mine"');
    expect(await notes('base')).toBe('expected: below 1\nmine');
    expect(await world.said('experiment show base')).toMatch(/expected: below 1/);
    await world.ask('experiment edit base notes=none');
    expect(await notes('base')).toBe('expected: below 1');
  });

  it('clears a field', async () => {
    await world.ask('experiment edit next parent=none next="x" changes="y"');
    await world.ask('experiment edit next next="" changes=');
    expect(await world.row('s', 'next')).toMatchObject({
      parent_experiment_id: '',
      next_action: '',
      change_summary: '',
      hypothesis: 'h',
    });
  });

  it('leaves a note about a job as one that can be withdrawn', async () => {
    await world.ask('queue experiment=base');
    await world.ask('experiment edit base note="it is slow" tag=slow');
    expect(await notes('base')).toBe('expected: below 1\n#slow\nAda: it is slow');
    expect(await world.said('notes 1')).toMatch(/it is slow/);
  });
});

describe('superseding', () => {
  afterEach(() => world.stop());

  it('is taken back to what the job says, or to the plan', async () => {
    world = await toyBot();
    await world.ask('session new s');
    await world.ask('queue toy name=run');
    await world.ask('plan toy hypothesis="h" name=idea');
    await world.ended('job-0000001');
    expect(await world.said('experiment supersede run by=run')).toMatch(/cannot supersede itself/);
    for (const id of ['run', 'idea'])
      await world.ask(`experiment supersede ${id}${id === 'run' ? ' by=idea' : ''}`);
    expect(await world.said('experiment supersede run')).toMatch(
      /superseded already \(superseded by idea\).*restore run/,
    );
    expect(await world.row('s', 'run')).toMatchObject({
      status: 'superseded',
      next_action: 'superseded by idea',
    });
    expect(await world.said('experiment restore run')).toMatch(/^Back to completed: run/);
    expect(await world.said('experiment restore idea')).toMatch(/^Back to planned: idea/);
    expect(await world.row('s', 'run')).toMatchObject({ status: 'completed', next_action: '' });
    expect(await world.said('experiment restore run')).toMatch(/completed, not superseded/);
    expect((await world.ask('queue experiment=idea')).ok).toBe(true);
  });
});

describe('a hypothesis that somebody has written', () => {
  beforeAll(async () => {
    world = await toyBot({ launchedSeconds: 60 });
    await world.ask('session new s');
    await world.ask('queue toy name=base hypothesis="theirs"');
    await world.ask('queue toy name=bare');
  });
  afterAll(() => world.stop());

  it('is replaced only when that is said, and then kept in the notes', async () => {
    expect(await world.said('hypothesis add "mine" job=1', BOB)).toMatch(
      /Someone already wrote: hypothesis "theirs"\. Add replace=true/,
    );
    expect(await world.row('s', 'base')).toMatchObject({ hypothesis: 'theirs' });
    expect((await world.ask('hypothesis add "mine" job=1 replace=true', BOB)).ok).toBe(true);
    expect(await world.row('s', 'base')).toMatchObject({
      hypothesis: 'mine',
      notes: 'Bob: hypothesis before: theirs',
    });
  });

  it('is replaced by an agent only when an operator approves; a first one it writes itself', async () => {
    expect((await world.ask('hypothesis add "a first word" job=2', CLAUDE)).data).toMatchObject({
      action: 'added',
      row: { experiment_id: 'bare', hypothesis: 'a first word' },
    });
    expect((await world.ask('hypothesis add "no" job=1', CLAUDE)).errorCode).toBe('hypothesis-exists');
    const asked = await world.ask('hypothesis add "better" job=1 replace=true', CLAUDE);
    expect(asked.data).toMatchObject({ state: 'waiting' });
    expect(await world.row('s', 'base')).toMatchObject({ hypothesis: 'mine' });
    expect((await world.ask('hypothesis add "mine" job=1 parent=bare', CLAUDE)).ok).toBe(true);
    const moved = await world.ask('hypothesis add "mine" job=1 parent=none', CLAUDE);
    expect(moved.ok).toBe(false);
    await world.ask('approve 1', BOB);
    expect(await world.row('s', 'base')).toMatchObject({
      hypothesis: 'better',
      notes: expect.stringMatching(/Claude: hypothesis before: mine/),
    });
  });
});

describe('parents that somebody has written into the file', () => {
  afterEach(() => world.stop());

  it('in a loop are no reason to refuse an experiment that is not in it', async () => {
    world = await toyBot();
    await world.ask('session new s');
    await world.ask('plan toy hypothesis="h" name=mine');
    await world.rows('s');
    const blank = ','.repeat(20);
    writeFileSync(world.csv('s'), `${world.text('s')}a,b${blank}\r\nb,a${blank}\r\nc,new${blank}\r\n`);
    await eventually('the rows', async () =>
      (await world.said('experiment show c')).startsWith('experiment_id'),
    );
    expect(await world.said('plan toy hypothesis="h" parent=a name=after')).toMatch(/^Planned after/);
    expect(await world.said('experiment edit mine parent=a')).toMatch(/^Edited/);
    expect(await world.said('experiment edit a parent=b')).toMatch(
      /b cannot be the parent: it follows a itself/,
    );
    expect(await world.said('plan toy hypothesis="h" parent=c name=new')).toMatch(/it follows new itself/);
  });

  it('in a line of 15,000 are followed at once, and shown in short', async () => {
    world = await toyBot();
    await world.ask('session new s');
    await world.rows('s');
    const lines = Array.from(
      { length: 15_000 },
      (_, index) => `e${index},${index > 0 ? `e${index - 1}` : ''}${','.repeat(20)}\r\n`,
    );
    writeFileSync(world.csv('s'), world.text('s') + lines.join(''));
    await eventually(
      'the rows',
      async () => (await world.said('experiment show e14999')).startsWith('exp'),
      30_000,
    );
    await sleep(100);
    const began = cpuMs();
    const answer = await world.said('experiment edit e0 parent=e14999');
    expect(cpuMs() - began).toBeLessThan(2_000);
    expect(answer).toMatch(/follows e0 itself \(e14999, e14998, e14997, e14996 and 14995 more, e0\)/);
  }, 60_000);
});
