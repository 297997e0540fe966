import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers.ts';
import { ADA, type ToyBot, toyBot } from '../toy-bot.ts';

const SESSION = {
  name: 'study',
  objective: { metric: 'value/loss', mode: 'min' },
  target: 0.05,
  budget: { runs: 3, hours: 120, until: '2030-12-24' },
};
const SETTINGS = { session: SESSION };

let world: ToyBot;
afterEach(() => world.stop());
const shown = async (words = 'session') => {
  const { session } = (await world.ask(words)).data as {
    session: { name: string; target: number | null; budget: object; objective: unknown };
  };
  return session;
};

describe('a session', () => {
  it('has the target of the settings only with their objective', async () => {
    world = await toyBot({ settings: SETTINGS });
    expect(await shown()).toMatchObject({ name: 'study', target: 0.05, budget: { runs: 3, hours: 120 } });
    expect(await shown('session new accuracy metric=value/accuracy mode=max')).toMatchObject({
      target: null,
    });
    expect(await shown('session new loss metric=value/loss mode=min take=best')).toMatchObject({
      target: 0.05,
    });
    expect(await shown('session new same')).toMatchObject({ target: 0.05 });
  });

  it('drops a target with the objective it was of, and says so', async () => {
    world = await toyBot({ settings: SETTINGS });
    expect(await world.said('session change take=best')).toMatch(/target: 0\.05/);
    expect(await world.said('session change metric=value/mae mode=min')).toMatch(
      /The target 0\.05 belonged to the old objective and was dropped/,
    );
    expect(await shown()).toMatchObject({ target: null });
    expect(await world.said('session change mode=max target=0.9')).toMatch(/target: 0\.9/);
    expect(await world.said('session change mode=min')).toMatch(/The target 0\.9 belonged to the old/);
  });

  it('has its target and budget taken away by none', async () => {
    world = await toyBot({ settings: SETTINGS });
    expect(await shown('session change target=none runs=none until=none')).toMatchObject({
      target: null,
      budget: { hours: 120 },
    });
    expect(await shown('session change hours=None')).toMatchObject({ budget: {} });
    await world.restart();
    expect(await shown()).toMatchObject({ target: null, budget: {} });
    expect(await shown('session change target=0.1 runs=4')).toMatchObject({
      target: 0.1,
      budget: { runs: 4 },
    });
  });

  it.each([
    ['until=2020-01-01', /is in the past/],
    ['hours=0', /accepted: a number above 0, or none/],
    ['runs=1.5', /accepted: a whole number from 1, or none/],
    ['target=nan', /accepted: a number, or none/],
    ['take=last points=7', /points is for take=mean/],
  ])('refuses %s', async (words, why) => {
    world = await toyBot();
    expect(await world.said(`session new odd metric=value/loss mode=min ${words}`)).toMatch(why);
    expect(await world.said('session list')).not.toMatch(/odd/);
  });

  it('forgets the number of points when its value is no mean any more', async () => {
    world = await toyBot();
    await world.ask('session new s metric=value/loss mode=min take=mean points=7');
    expect((await shown('session change take=last')).objective).toEqual({
      metric: 'value/loss',
      mode: 'min',
      take: 'last',
    });
  });

  it('is a folder of its own below the sessions, and nothing else', async () => {
    world = await toyBot();
    const dir = join(world.folder, 'experiments');
    const outside = temporaryFolder();
    writeFileSync(join(dir, 'notes.txt'), 'hello');
    symlinkSync(outside, join(dir, 'link'));
    mkdirSync(join(dir, 'by-hand'));
    expect(await world.said('session use notes.txt')).toMatch(/notes\.txt is not a folder/);
    expect(await world.said('session use link')).toMatch(/link is a link to another place/);
    expect(await world.said('session list')).not.toMatch(/notes\.txt|link/);
    expect((await world.ask('session use by-hand')).ok).toBe(true);
    expect(await world.said('session new BY-HAND')).toMatch(/There is already a session by-hand/);
    await world.bot().app.settled();
    expect(readdirSync(outside)).toEqual([]);
    expect(existsSync(join(dir, 'by-hand/experiment_log.csv'))).toBe(true);
  });

  it('that was closed is open again when it is used in a channel', async () => {
    world = await toyBot();
    await world.ask('session new old');
    await world.ask('session new now');
    await world.ask('session close old');
    await world.ask('session use old here=true', ADA, { channel: 'other' });
    expect((await world.ask('session', ADA, { channel: 'other' })).data).toMatchObject({
      session: { name: 'old', closedAt: null },
    });
    expect(await world.said('session list')).not.toMatch(/closed/);
  });

  it('stays the one in use over a restart, whatever the settings began with', async () => {
    world = await toyBot({ settings: SETTINGS });
    await world.ask('session new mine');
    await world.ask('session close study');
    await world.restart();
    expect((await shown()).name).toBe('mine');
    expect(await world.said('session list')).toMatch(/study .*closed/);
    await world.restart({ settings: { session: { ...SESSION, name: 'next' } } });
    expect((await shown()).name).toBe('next');
    await world.ask('session use mine');
    await world.restart({ settings: { session: { ...SESSION, name: 'next' } } });
    expect((await shown()).name).toBe('mine');
  });
});
