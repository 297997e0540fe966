import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Button } from '../../src/core/message.ts';
import type { Press } from '../../src/core/press.ts';
import { eventually } from '../helpers.ts';
import { ADA, BOB, buttonsOf, type ToyBot, toyBot, words } from '../toy-bot.ts';

const on = (id: string): { press: Press } => ({ press: { kind: 'button', id } });
const form = (id: string): { press: Press } => ({ press: { kind: 'form', id } });
const QUEUE: Button = {
  label: 'Queue',
  command: 'queue',
  options: { preset: 'toy', settings: 'learning_rate=0.1' },
};

describe('a press is one deed', () => {
  let world: ToyBot;

  beforeEach(async () => {
    world = await toyBot();
  });
  afterEach(() => world.stop());

  it('of two who press at once one does it, and the other is told who, and then what came of it', async () => {
    const both = await Promise.all([world.press(QUEUE, ADA, on('m1')), world.press(QUEUE, BOB, on('m1'))]);
    expect(both.map(({ ok }) => ok)).toEqual([true, false]);
    expect(world.jobs()).toBe(1);
    expect([words(both[1]), both[1].visibility, both[1].errorCode]).toEqual([
      expect.stringMatching(/^Ada pressed this 0 s ago, and it is under way\./),
      'private',
      'pressed-already',
    ]);
    const later = await world.press(QUEUE, BOB, on('m1'));
    expect(words(later)).toMatch(/^Ada pressed this \d s ago: job-0000001/);
    expect(words(later)).toContain('"/xax queue toy learning_rate=0.1"');
    expect(words(await world.press(QUEUE, ADA, on('m1')))).toMatch(/^You pressed this/);
    expect(world.jobs()).toBe(1);
    expect(world.audit().filter(({ command }) => command === 'queue')).toHaveLength(1);
  });

  it('on two messages at once it is one too: a card in two channels, a suggestion that two asked for', async () => {
    await world.press(QUEUE, ADA, on('slack-card'));
    expect(words(await world.press(QUEUE, BOB, { ...on('discord-card'), adapter: 'discord' }))).toMatch(
      /^Ada pressed/,
    );
    expect(world.jobs()).toBe(1);
    const other = { ...QUEUE, options: { ...QUEUE.options, settings: 'learning_rate=0.2' } };
    expect((await world.press(other, BOB, on('slack-card'))).ok).toBe(true);
  });

  it('is still one after a restart; typed again it is another', async () => {
    await world.press(QUEUE, ADA, on('m1'));
    await world.restart();
    expect(words(await world.press(QUEUE, BOB, on('m1')))).toMatch(/^Ada pressed this .*: job-0000001/);
    expect((await world.ask('queue toy learning_rate=0.1', BOB)).ok).toBe(true);
    expect(world.jobs()).toBe(2);
  });

  it('one that was cut off is told of once, and may then be pressed again', async () => {
    const { db } = world.bot().app.parts;
    await world.press(QUEUE, ADA, on('m1'));
    db.exec("UPDATE presses SET is_done = 0, outcome = ''");
    expect(words(await world.press(QUEUE, BOB, on('m1')))).toMatch(
      /^Ada pressed this .*, and xaxbot stopped before it was over\. Look whether it was done/,
    );
    expect((await world.press(QUEUE, BOB, on('m1'))).ok).toBe(true);
  });

  it('what was refused may be pressed again', async () => {
    const wrong = { ...QUEUE, options: { preset: 'toy', settings: 'learning_rate=7' } };
    for (const person of [ADA, BOB])
      expect(words(await world.press(wrong, person, on('m1')))).toMatch(/learning_rate/);
    const move = { label: 'Run next', command: 'move', options: { job: 'job-0000001', position: '1' } };
    const job = await world.enqueue(60);
    await eventually('it runs', () => world.queue.snapshot()!.jobs.get(job.jobId)?.status === 'running');
    for (const person of [ADA, BOB])
      expect(words(await world.press(move, person, on('m1')))).toMatch(/^Nothing was changed/);
  });

  it('a form is sent once, however it is filled in; opened twice it is two', async () => {
    const note = { label: 'Note', command: 'note', options: { job: 'last', text: 'it jumps' } };
    await world.enqueue(0.1);
    const both = await Promise.all([
      world.press(note, ADA, form('v1')),
      world.press({ ...note, options: { ...note.options, text: 'it jumps!' } }, ADA, form('v1')),
    ]);
    expect(words(both[1])).toMatch(/^You sent this form 0 s ago/);
    expect(
      (await world.press({ ...note, options: { ...note.options, text: 'other' } }, ADA, form('v2'))).ok,
    ).toBe(true);
    const refused = { ...note, options: { job: 'job-0000099', text: 'x' } };
    expect(words(await world.press(refused, ADA, form('v3')))).toMatch(/no job/);
    expect(
      (await world.press({ ...note, options: { ...note.options, text: 'mended' } }, ADA, form('v3'))).ok,
    ).toBe(true);
  });

  it('what only reads is done as often as it is pressed', async () => {
    for (const command of ['status', 'suggest']) {
      const button = { label: 'x', command, options: {} };
      const first = await world.press(button, ADA, on('m1'));
      expect((await world.press(button, ADA, on('m1'))).errorCode).toBe(first.errorCode);
    }
    const list = { label: 'Hypotheses', command: 'hypothesis', options: { action: 'list' } };
    for (const person of [ADA, BOB]) expect((await world.press(list, person, on('m1'))).ok).toBe(true);
  });

  it('a yes is said once, and who says it again is told so', async () => {
    const job = await world.enqueue(60);
    await eventually('it runs', () => world.queue.snapshot()!.jobs.get(job.jobId)?.status === 'running');
    const [yes] = buttonsOf(await world.ask('kill running', ADA));
    const both = await Promise.all([world.press(yes!, ADA, on('q1')), world.press(yes!, ADA, on('q1'))]);
    expect(both.map(({ ok }) => ok)).toEqual([true, false]);
    expect(words(both[1])).toMatch(/^You answered this 0 s ago/);
  });

  it('two yeses to the same question of two people kill once', async () => {
    const job = await world.enqueue(60);
    await eventually('it runs', () => world.queue.snapshot()!.jobs.get(job.jobId)?.status === 'running');
    const questions = [await world.ask('kill running', ADA), await world.ask('kill running', BOB)];
    const [first, second] = questions.map((each) => buttonsOf(each)[0]!);
    const both = await Promise.all([world.press(first!, ADA, on('q1')), world.press(second!, BOB, on('q2'))]);
    expect(words(both[1])).toMatch(/^Ada answered this 0 s ago/);
  });

  it('an approval and a denial at once are one decision', async () => {
    const { proposal } = (await world.ask('queue toy', { id: 'claude', name: 'Claude', role: 'agent' }))
      .data as {
      proposal: number;
    };
    const button = (command: string): Button => ({
      label: command,
      command,
      options: { proposal: String(proposal) },
    });
    const all = await Promise.all([
      world.press(button('approve'), ADA, on('p1')),
      world.press(button('approve'), BOB, on('p1')),
      world.press(button('deny'), BOB, on('p1')),
    ]);
    expect(all.map(({ ok }) => ok)).toEqual([true, false, false]);
    expect(words(all[1])).toMatch(/^Ada pressed this/);
    expect(words(all[2])).toMatch(/approved by Ada/);
    expect(world.jobs()).toBe(1);
  });

  it('words that were withdrawn stand in no record of a press', async () => {
    await world.enqueue(0.1);
    const note = { label: 'Note', command: 'note', options: { job: 'last', text: 'hunter2 is it' } };
    const { id } = (await world.press(note, ADA, form('v1'))).data as { id: number };
    await world.ask(`withdraw ${id}`, ADA);
    const kept = JSON.stringify(world.bot().app.parts.db.prepare('SELECT * FROM presses').all());
    expect(kept).toContain('note 1');
    expect(kept).not.toContain('hunter2');
  });
});
