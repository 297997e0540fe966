import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ADA, asUser, BOB, call, IS_ROOT, make, sharedFolder } from '../files/other-user.ts';
import { found, reading, TABLE } from './run-of-files.ts';

describe("a run's folder", () => {
  it('that goes away and comes back is read again', async () => {
    const { folder, reader } = reading({ 'metrics.csv': TABLE });
    expect((await found(reader)).values).toEqual({ loss: 0.25 });
    renameSync(folder, `${folder}-aside`);
    expect((await reader.read()).absence).toBe('folder');
    renameSync(`${folder}-aside`, folder);
    appendFileSync(join(folder, 'metrics.csv'), '3,0.125\n');
    expect((await found(reader)).values).toEqual({ loss: 0.125 });
  });

  it('of more than 20,000 names is looked at in part, and that is said', async () => {
    const { folder, reader } = reading({});
    for (let name = 0; name < 25_000; name += 1) closeSync(openSync(join(folder, `${name}.npy`), 'w'));
    const { unread } = await found(reader);
    expect(unread).toEqual({ '.': 'has more than 20000 names; the others are not looked at' });
  });

  it('with thousands of logs has its tables read before them', async () => {
    const { folder, reader } = reading({ 'z.csv': TABLE });
    for (let name = 0; name < 3_000; name += 1) writeFileSync(join(folder, `a${name}.txt`), 'step 1: fine\n');
    expect((await found(reader)).values).toEqual({ loss: 0.25 });
  });

  it('is not left by links, and goes round in none; pipes are not waited for', async () => {
    const { folder: outside } = reading({ 'metrics.csv': 'step,secret\n1,2\n2,3\n' });
    const { folder, reader } = reading({ 'a/real.csv': TABLE });
    symlinkSync(outside, join(folder, 'elsewhere'));
    symlinkSync('.', join(folder, 'loop'));
    symlinkSync('../a', join(folder, 'a', 'again'));
    symlinkSync(join(outside, 'metrics.csv'), join(folder, 'metrics.csv'));
    mkdirSync(join(folder, 'checkpoint-5'));
    symlinkSync(join(outside, 'metrics.csv'), join(folder, 'checkpoint-5', 'trainer_state.json'));
    execFileSync('mkfifo', [join(folder, 'b.csv'), join(folder, 'events.out.tfevents.1.host')]);
    expect(await found(reader)).toEqual({
      values: { loss: 0.25 },
      unread: {
        'metrics.csv': 'is a link; links are not followed',
        'checkpoint-5/trainer_state.json': `leads out of the run folder ${folder}`,
      },
    });
  });

  it('whose file leads out of it in the midst keeps what was read, says so, and goes on once it is a file again', async () => {
    const { folder: outside } = reading({ 'metrics.csv': 'step,loss\n1,9\n2,9\n3,9\n' });
    const { folder, reader } = reading({ 'metrics.csv': TABLE, 'progress.csv': 'step,acc\n1,0.5\n' });
    const path = join(folder, 'metrics.csv');
    await reader.read();
    // Swapped below the survey, as between its look and the reading.
    renameSync(path, `${path}.aside`);
    symlinkSync(join(outside, 'metrics.csv'), path);
    const { values, unread } = await found(reader);
    expect(values.loss).not.toBe(9);
    expect(unread['metrics.csv']).toBe('is a link; links are not followed');
    unlinkSync(path);
    renameSync(`${path}.aside`, path);
    appendFileSync(path, '3,0.125\n');
    expect((await found(reader)).values).toEqual({ loss: 0.125, acc: 0.5 });
  });

  it('with a name that is not UTF-8 has the others read', async () => {
    const { folder, reader } = reading({ 'metrics.csv': TABLE });
    writeFileSync(
      Buffer.concat([Buffer.from(`${folder}/b`), Buffer.from([0xff]), Buffer.from('.csv')]),
      TABLE,
    );
    const { values, unread } = await found(reader);
    expect(values).toEqual({ loss: 0.25 });
    expect(Object.values(unread)).toEqual(['has a name that is not UTF-8; it is not read']);
  });

  it.skipIf(!IS_ROOT)(
    'of which a part is for others only has the rest read, and says what is not (takes root)',
    async () => {
      const folder = make.folder(join(sharedFolder(), 'run'), ADA, 0o755);
      make.file(join(folder, 'metrics.csv'), ADA, 0o600, TABLE);
      make.file(join(folder, 'progress.csv'), BOB, 0o600, 'step,acc\n1,0.5\n');
      make.folder(join(folder, 'private'), BOB, 0o700);
      make.file(join(folder, 'config.yaml'), BOB, 0o600, 'lr: 1\n');
      const [outcome] = await asUser(ADA, [
        call('queue/run-files.ts', 'createRunFiles', [folder], ['entries', '.', 10]),
      ]);
      expect(outcome!.error).toBeUndefined();
      const [raw] = await asUser(ADA, [
        {
          module: new URL('./read-raw-in.ts', import.meta.url).href,
          name: 'readRawIn',
          args: [folder],
        },
      ]);
      const { series, unread } = raw!.value as Awaited<
        ReturnType<typeof import('./read-raw-in.ts').readRawIn>
      >;
      expect(series.map(({ file, last }) => [file, ...last])).toEqual([['metrics.csv', 2, 0.25]]);
      expect(unread.map(({ path }) => path).sort()).toEqual(['private', 'progress.csv']);
      for (const { why } of unread) expect(why).toMatch(/cannot be read: .*permission denied/i);
    },
  );
});

it('a folder that was read while nobody may enter it says so', async () => {
  const { folder, reader } = reading({ 'a/metrics.csv': TABLE });
  await reader.read();
  chmodSync(join(folder, 'a'), 0o000);
  try {
    // Root may; everybody else is told.
    const { values, unread } = await found(reader);
    expect(IS_ROOT ? values.loss : Object.keys(unread)[0]).toBe(IS_ROOT ? 0.25 : 'a/metrics.csv');
  } finally {
    chmodSync(join(folder, 'a'), 0o755);
    rmSync(folder, { recursive: true });
  }
});
