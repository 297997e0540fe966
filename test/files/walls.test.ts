import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Remark, WallName } from '../../src/files/walls.ts';
import {
  ADA,
  asUser,
  BOB,
  call,
  IS_ROOT,
  make,
  modeOf,
  type Outcome,
  sharedFolder,
  TEAM,
} from './other-user.ts';

/** Where it is: `<top>/way/folder/it`. */
interface Place {
  way: string;
  folder: string;
  it: string;
}

/** How each fault is made. */
const FAULTS = {
  sound() {},
  foreign: ({ it }: Place) => chownSync(it, BOB, BOB),
  'a link of another': ({ it, way }: Place) => {
    rmSync(it, { recursive: true });
    make.link(it, make.folder(join(way, 'elsewhere')), BOB);
  },
  'foreign folder': ({ folder }: Place) => chownSync(folder, BOB, BOB),
  'foreign above': ({ way }: Place) => chownSync(way, BOB, BOB),
  open: ({ it }: Place) => chmodSync(it, 0o777),
  'open above': ({ way }: Place) => chmodSync(way, 0o777),
  'open and sticky above': ({ way }: Place) => chmodSync(way, 0o1777),
  group: ({ it }: Place) => {
    chownSync(it, ADA, TEAM);
    chmodSync(it, 0o770);
  },
  'own group': ({ it }: Place) => chmodSync(it, 0o770),
  'group above': ({ way }: Place) => {
    chownSync(way, ADA, TEAM);
    chmodSync(way, 0o775);
  },
  readable: ({ it }: Place) => chmodSync(it, 0o755),
  'a named pipe': ({ it }: Place) => {
    rmSync(it, { recursive: true });
    execFileSync('mkfifo', ['-m', '600', it]);
    chownSync(it, ADA, ADA);
  },
  absent: ({ it }: Place) => rmSync(it, { recursive: true }),
} satisfies Record<string, (place: Place) => void>;
type FaultName = keyof typeof FAULTS;

/** What is done of each fault: refused, mended, said; "" is borne. */
const DONE: Record<FaultName, Partial<Record<WallName, 'refuse' | 'mend' | 'warn' | ''>>> = {
  sound: {
    'data folder': '',
    'file of ours': '',
    settings: '',
    'named settings': '',
    program: '',
    queue: '',
  },
  foreign: {
    'data folder': 'refuse',
    'file of ours': 'refuse',
    'folder of ours': 'refuse',
    settings: 'refuse',
    'settings with secrets': 'refuse',
    'named settings': 'warn',
    program: 'refuse',
    'named program': 'warn',
    queue: 'warn',
    "queue's file": 'warn',
  },
  'a link of another': { 'data folder': 'refuse', queue: 'warn' },
  'foreign folder': {
    'data folder': 'warn',
    settings: 'refuse',
    'settings with secrets': 'refuse',
    'named settings': 'warn',
    program: 'refuse',
    'named program': 'warn',
  },
  'foreign above': {
    'data folder': 'warn',
    settings: 'warn',
    'named settings': 'warn',
    program: 'refuse',
    'named program': 'warn',
  },
  open: {
    'data folder': 'mend',
    'file of ours': 'mend',
    'folder of ours': 'mend',
    settings: 'refuse',
    'named settings': 'refuse',
    program: 'refuse',
    'named program': 'refuse',
    queue: 'warn',
    "queue's file": 'warn',
  },
  'open above': {
    'data folder': 'refuse',
    settings: 'refuse',
    'named settings': 'refuse',
    program: 'refuse',
    'named program': 'refuse',
    queue: 'warn',
  },
  'open and sticky above': { 'data folder': '', settings: '', program: '' },
  group: {
    'data folder': 'mend',
    'file of ours': 'mend',
    settings: 'warn',
    'named settings': 'warn',
    program: 'refuse',
    'named program': 'warn',
    queue: 'warn',
  },
  'own group': { 'data folder': 'mend', settings: '', program: '', queue: '' },
  'group above': { 'data folder': 'warn', settings: 'warn', program: 'refuse', 'named program': 'warn' },
  readable: {
    'data folder': 'mend',
    'file of ours': 'mend',
    'folder of ours': 'mend',
    settings: '',
    'settings with secrets': 'warn',
    program: '',
    queue: '',
  },
  'a named pipe': { 'data folder': 'refuse', 'file of ours': 'refuse', 'socket of ours': 'refuse' },
  absent: { 'data folder': '', settings: '', "queue's file": '' },
};

const FOLDERS: readonly WallName[] = ['data folder', 'folder of ours', 'queue'];
const rows = Object.entries(DONE).flatMap(([fault, walls]) =>
  Object.entries(walls).map(([wall, act]) => ({ fault: fault as FaultName, wall: wall as WallName, act })),
);

describe.skipIf(!IS_ROOT)('what others may change (root makes the several users that this takes)', () => {
  const places: Place[] = [];
  let outcomes: Outcome[] = [];
  beforeAll(async () => {
    const top = sharedFolder();
    for (const [index, { fault, wall }] of rows.entries()) {
      const way = make.folder(join(top, `${index}`), ADA, 0o755);
      const folder = make.folder(join(way, 'folder'), ADA, 0o755);
      const it = join(folder, 'it');
      if (FOLDERS.includes(wall)) make.folder(it);
      else make.file(it, ADA, 0o700);
      places.push({ way, folder, it });
      FAULTS[fault]({ way, folder, it });
    }
    outcomes = await asUser(
      ADA,
      rows.map(({ wall }, index) => call('files/walls.ts', 'hold', [wall, places[index]!.it])),
    );
  });

  it.each(rows.map((row, index) => ({ ...row, index })))(
    '$wall, $fault: $act',
    ({ index, act, fault, wall }) => {
      const { value, error } = outcomes[index]!;
      const remarks = (value ?? []) as Remark[];
      const { it } = places[index]!;
      if (act === 'refuse') {
        expect(error).toContain(places[index]!.way);
        expect(error).toMatch(/: .+\. To mend it: (chown|chmod|rm|mv) /);
        return;
      }
      expect(error).toBeUndefined();
      expect([...new Set(remarks.map((remark) => remark.act))]).toEqual(act === '' ? [] : [act]);
      if (act === 'mend') expect(modeOf(it)).toBe(FOLDERS.includes(wall) ? '0700' : '0600');
      // Nothing but what is ours alone is changed.
      else if (fault === 'open') expect(modeOf(it)).toBe('0777');
    },
  );
});

describe.skipIf(!IS_ROOT)('the data folder', () => {
  const hold = (folder: string) => asUser(ADA, [call('files/data-folder.ts', 'holdDataFolder', [folder])]);

  it('is closed with everything in it, and each is said', async () => {
    const folder = make.folder(join(sharedFolder(), 'data'), ADA, 0o755);
    const names = ['xaxbot.sqlite', 'xaxbot.sqlite-wal', 'xaxbot.sqlite.v17-20261130T011205Z', 'writer.lock'];
    for (const name of names) make.file(join(folder, name), ADA, 0o644);
    make.folder(join(folder, 'files'), ADA, 0o755);
    const [outcome] = await hold(folder);
    const remarks = outcome!.value as Remark[];
    expect(remarks.map(({ act, path }) => [act, path]).sort()).toEqual(
      [folder, ...[...names, 'files'].map((name) => join(folder, name))].map((path) => ['mend', path]).sort(),
    );
    expect(['', ...names, 'files'].map((name) => modeOf(join(folder, name)))).toEqual([
      '0700',
      ...names.map(() => '0600'),
      '0700',
    ]);
    expect(await hold(folder)).toEqual([{ value: [] }]);
  });

  it('of its owner alone has everything in it closed, which is nothing to tell: nobody else could get there', async () => {
    const folder = make.folder(join(sharedFolder(), 'data'), ADA, 0o700);
    make.folder(join(folder, 'experiments'), ADA, 0o755);
    make.file(join(folder, 'writer.lock'), ADA, 0o644);
    expect(await hold(folder)).toEqual([{ value: [] }]);
    expect(['experiments', 'writer.lock'].map((name) => modeOf(join(folder, name)))).toEqual([
      '0700',
      '0600',
    ]);
  });

  it('is refused with a file or a socket of another in it, a link of another, or a file where the socket has to be', async () => {
    const folder = make.folder(join(sharedFolder(), 'data'));
    const cases: [name: string, arrange: (path: string) => void, words: string][] = [
      ['xaxbot.sqlite', (path) => make.file(path, BOB), `belongs to uid ${BOB}`],
      ['xaxbot.sock', (path) => make.file(path, ADA), 'is a file, where a socket has to be'],
      ['xaxbot.sqlite-wal', (path) => make.link(path, '/etc/hostname', BOB), `is a link of uid ${BOB}`],
      ['writer.lock', (path) => execFileSync('mkfifo', [path]), 'is a named pipe, where a file has to be'],
    ];
    for (const [name, arrange, words] of cases) {
      const path = join(folder, name);
      arrange(path);
      expect((await hold(folder))[0]!.error, name).toContain(`${path} ${words}`);
      unlinkSync(path);
    }
  });
});

describe.skipIf(!IS_ROOT)("links and names in other people's folders", () => {
  const SECRET = 'a line of a private file\n';

  it('a run folder is read where its owner put it, and not where another leads to what is not theirs', async () => {
    const top = sharedFolder();
    const [ada, bob] = [make.folder(join(top, 'ada')), make.folder(join(top, 'bob'), BOB, 0o755)];
    make.file(join(ada, 'logs.txt'), ADA, 0o600, SECRET);
    const theirs = make.folder(join(bob, 'moved'), BOB, 0o755);
    make.file(join(theirs, 'logs.txt'), BOB, 0o644, 'a line of the run\n');
    const read = (runDir: string) =>
      call('queue/run-files.ts', 'createRunFiles', [runDir], ['read', 'logs.txt', 0, 100]);
    const outcomes = await asUser(ADA, [
      read(make.link(join(bob, 'run'), theirs, BOB)),
      read(make.link(join(top, 'linked-by-ada'), ada, ADA)),
      read(make.link(join(bob, 'trap'), ada, BOB)),
      read(join(make.link(join(bob, 'runs'), top, BOB), 'ada')),
    ]);
    expect(outcomes.slice(0, 2)).toEqual([{ value: 'a line of the run\n' }, { value: SECRET }]);
    for (const { error } of outcomes.slice(2)) expect(error).toContain('a link that somebody else made');
  });

  it('a file of a run is not read where it is a further name of what lies elsewhere', async () => {
    const top = sharedFolder();
    const run = make.folder(join(top, 'run'), BOB, 0o755);
    make.file(join(top, 'private'), ADA, 0o600, SECRET);
    execFileSync('ln', [join(top, 'private'), join(run, 'logs.txt')]);
    make.file(join(run, 'own.txt'), BOB, 0o644, 'own\n');
    execFileSync('ln', [join(run, 'own.txt'), join(run, 'own-again.txt')]);
    const read = (name: string) =>
      call('queue/run-files.ts', 'createRunFiles', [run], ['read', name, 0, 100]);
    const [hard, own] = await asUser(ADA, [read('logs.txt'), read('own-again.txt')]);
    expect(hard!.error).toContain('is not a file in that folder');
    expect(own).toEqual({ value: 'own\n' });
  });

  it('the experiment log is neither read nor written over a link of another, and is over one of ours', async () => {
    const top = sharedFolder();
    const session = make.folder(join(top, 'session'), ADA, 0o777);
    const precious = make.file(join(top, 'precious'), ADA, 0o600, SECRET);
    const trap = make.link(join(session, 'trap.csv'), precious, BOB);
    const nowhere = make.link(join(session, 'nowhere.csv'), join(session, 'made'), BOB);
    const own = make.link(join(session, 'own.csv'), precious, ADA);
    const file = 'experiments/disk-file.ts';
    const [reads, writes, makes, ownReads] = await asUser(ADA, [
      call(file, 'readContent', [trap]),
      call(file, 'replaceFile', [trap, undefined, 'text']),
      call(file, 'replaceFile', [nowhere, undefined, 'text']),
      call(file, 'readContent', [own]),
    ]);
    for (const each of [reads, writes, makes])
      expect(each!.error).toMatch(
        /a link that somebody else made, so it was neither read nor written\. Look/,
      );
    expect(ownReads!.error).toBeUndefined();
    expect(modeOf(precious)).toBe('0600');
  });
});
