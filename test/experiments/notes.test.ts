import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOTES_MAX } from '../../src/experiments/notes.ts';
import { eventually } from '../helpers.ts';
import { createWorld, job, type World } from './world.ts';

let world: World;
let experiments: ReturnType<World['open']>;
const JOB = job(1);
const said = (text: string, source: string) => ({ author: 'Bea', person: 'bea', text, at: 0, source });
const line = () => experiments.rows.ofJob(JOB)!.notes;
const kept = () => experiments.notes.ofJob(JOB).map(({ text }) => text);

beforeEach(() => {
  world = createWorld();
  experiments = world.open();
  experiments.jobsChanged([JOB]);
  experiments.notes.add(JOB, said('the rate is too high', 'slack:C1:1.1'));
  experiments.notes.add(JOB, said('and the batch\ntoo small', 'slack:C1:1.2'));
});
afterEach(() => world.close());

describe('a note of a message', () => {
  it('follows when the message is edited, in its place', () => {
    experiments.notes.revise('slack:C1:1.1', 'the rate is $1 too low');
    expect(kept()).toEqual(['the rate is $1 too low', 'and the batch\ntoo small']);
    expect(line()).toBe('Bea: the rate is $1 too low\nBea: and the batch\ntoo small');
    experiments.notes.revise('slack:C1:1.2', 'and\nso on');
    expect(line()).toBe('Bea: the rate is $1 too low\nBea: and\nso on');
    experiments.notes.revise('slack:C1:other', 'nothing');
    expect(kept()).toHaveLength(2);
  });

  it('is withdrawn when the message is deleted, or emptied', () => {
    experiments.notes.revise('slack:C1:1.1', undefined);
    expect([kept(), line()]).toEqual([['and the batch\ntoo small'], 'Bea: and the batch\ntoo small']);
    experiments.notes.revise('slack:C1:1.2', ' ');
    expect([kept(), line()]).toEqual([[], '']);
  });

  it('is kept, but no line of a cell that is full, which says so once, so that the file stays one that is read', async () => {
    await experiments.start();
    const long = 'x '.repeat(1_900);
    for (let count = 0; count < 60; count += 1)
      experiments.notes.add(JOB, said(`${count} ${long}`, `m${count}`));
    expect(kept()).toHaveLength(62);
    expect(line().length).toBeLessThanOrEqual(NOTES_MAX);
    expect(line().split('more notes')).toHaveLength(2);
    experiments.notes.revise('m59', 'short');
    experiments.notes.revise('slack:C1:1.1', 'y '.repeat(2_000));
    experiments.notes.revise('slack:C1:1.2', 'z '.repeat(2_000));
    expect(line().length).toBeLessThanOrEqual(NOTES_MAX);
    expect(line().split('more notes')).toHaveLength(2);
    expect(kept()).toContain('short');
    await experiments.settled();
    writeFileSync(world.csvPath, readFileSync(world.csvPath, 'utf8').replaceAll('z z', 'w w'));
    await eventually('the file is read', () => line().includes('w w') || !line().includes('z z'));
    expect(experiments.health()).toMatchObject({ ok: true });
  });

  it('stays taken back', () => {
    const [note] = experiments.notes.ofJob(JOB);
    experiments.notes.takeBack(note!.id, 'redacted');
    experiments.notes.revise('slack:C1:1.1', 'the secret again');
    expect([kept(), experiments.notes.get(note!.id)]).toMatchObject([
      ['and the batch\ntoo small'],
      { state: 'redacted', text: '' },
    ]);
    expect(line()).toBe('Bea: and the batch\ntoo small');
  });

  it('leaves its line in the log as somebody rewrote it on disk', async () => {
    await experiments.start();
    await experiments.settled();
    const before = readFileSync(world.csvPath, 'utf8');
    writeFileSync(world.csvPath, before.replace('the rate is too high', 'the rate is far too high'));
    await eventually('it is read', () => line().includes('far'));
    experiments.notes.revise('slack:C1:1.1', 'the rate is too low');
    expect(kept()[0]).toBe('the rate is too low');
    expect(line()).toBe('Bea: the rate is far too high\nBea: and the batch\ntoo small');
  });
});
