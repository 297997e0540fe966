import { chownSync, mkdirSync, rmdirSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../src/core/person.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { ADA, BOB, CLAUDE, EVE, type ToyBot, toyBot } from '../toy-bot.ts';
import { createProject, writeRows } from './world.ts';

const MEMBER: Person = { ...EVE, mayRunOwn: true };
/** No user of a test's. */
const STRANGER_UID = 61_234;

let world: ToyBot;
afterEach(() => world.stop());

const withUnix = (unix: Record<string, string>) =>
  toyBot({
    settings: {
      people: Object.fromEntries(Object.entries(unix).map(([id, name]) => [id, { unix: name }])),
    },
  });

/** A folder of somebody whom nobody here is. */
function strangersFolder(): string {
  if (process.getuid?.() !== 0) return '/usr/lib';
  const folder = createProject().run('theirs');
  chownSync(folder, STRANGER_UID, STRANGER_UID);
  return folder;
}

function runOf(name?: string): string {
  const folder = createProject().run(name);
  writeRows(folder, 0, 3);
  return folder;
}

describe('to follow a run may', () => {
  beforeEach(async () => {
    world = await withUnix({ ada: 'somebody-else', eve: userInfo().username });
  });

  it('operators, in a folder of the user that runs the bot', async () => {
    expect(await world.said(`watch ${runOf()}`, BOB)).toContain('run-1 is followed');
  });

  it('who runs jobs of their own, in a folder of their own Unix user; and they alone may end that, besides operators', async () => {
    const folder = runOf();
    expect(await world.said(`watch ${folder}`, MEMBER)).toContain('run-1 is followed');
    expect(await world.said('watch unfollow run-1', { ...EVE, id: 'fay', mayRunOwn: true })).toContain(
      'needs the role operator',
    );
    expect(await world.said('watch unfollow run-1', MEMBER)).toContain('is no longer followed');
  });

  it('no viewer, and nobody in a folder that is neither theirs nor the bot’s', async () => {
    expect(await world.said(`watch ${runOf()}`, EVE)).toContain('needs the role operator');
    const theirs = strangersFolder();
    for (const person of [ADA, BOB])
      expect(await world.said(`watch ${theirs}`, person)).toMatch(
        /belongs to .*: it is neither yours nor this bot's/,
      );
    expect(await world.said(`watch ${theirs}`, MEMBER)).toMatch(/needs the role operator; .* belongs to/);
    const link = join(temporaryFolder(), 'link');
    symlinkSync(theirs, link);
    expect(await world.said(`watch ${link}`, BOB)).toContain("neither yours nor this bot's");
    expect(await world.said('jobs')).not.toContain('run-');
  });

  it('agents by a proposal that an operator decides on', async () => {
    const folder = runOf();
    expect(await world.said(`watch ${folder}`, CLAUDE)).toMatch(/[Pp]ropos/);
    expect(await world.said('jobs')).not.toContain('run-1');
    expect((await world.ask(`watch ${folder}-not-there`, CLAUDE)).errorCode).toBe('no-folder');
    await world.ask('approve 1', BOB);
    await eventually('it is followed', async () => (await world.said('jobs')).includes('run-1'));
  });
});

describe('what is no folder of a run is refused in words', () => {
  beforeEach(async () => {
    world = await withUnix({});
  });

  it.each<[string, (folder: string) => string, RegExp]>([
    ['one that is not there', (folder) => `watch ${folder}/x`, /x is not there, or cannot be read/],
    ['a file', (folder) => `watch ${folder}/metrics.csv`, /is no folder/],
    ['the bot’s data', () => `watch ${join(world.folder, 'data')}`, /is the bot's own/],
    ['what holds the bot’s data', () => `watch ${world.folder}`, /holds far more than a run/],
    ['the root', () => 'watch folder=/', /holds far more than a run|neither yours/],
    ['a path from nowhere', () => 'watch runs/exp-1/', /not a whole path/],
    ['a relative one by name', () => 'watch follow folder=runs/exp-1', /is not a whole path/],
    ['a home', () => 'watch ~/runs', /not a whole path/],
    ['none', () => 'watch follow', /folder is missing/],
    ['a process that is not there', (folder) => `watch ${folder} pid=4194304`, /no process 4194304/],
    ['a process that cannot be one', (folder) => `watch ${folder} pid=0`, /pid is "0"/],
  ])('%s', async (_, words, expected) => {
    expect(await world.said(words(runOf()))).toMatch(expected);
    expect(await world.said('jobs')).not.toContain('run-1');
  });

  it('a hidden folder of a home', async () => {
    const hidden = join(process.env.HOME ?? '', `.xaxbot-test-${process.pid}`);
    mkdirSync(hidden);
    try {
      expect(await world.said(`watch ${hidden}`)).toContain('is hidden in a home');
    } finally {
      rmdirSync(hidden);
    }
  });
});
