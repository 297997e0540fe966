import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { codeDiff } from '../../src/runs/code-diff.ts';
import { heldBy } from '../chaos/fuzz/held.ts';
import { temporaryFolder } from '../helpers.ts';

function run(files: Record<string, string | Buffer>) {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, 'code', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return createRunFiles(folder);
}

it('counts what differs in the code of two runs and shows it as a patch', async () => {
  const before = run({
    'pkg/train.py': 'import xax\nrate = 1\nsteps = 5\n',
    'pkg/old.py': 'gone\n',
    'pkg/same.py': 'same\n',
    'pkg/__pycache__/train.pyc': 'x',
    'pkg/weights.bin': Buffer.from([0, 1, 2]),
  });
  const after = run({
    'pkg/train.py': 'import xax\nrate = 2\nkey = "hf_abcdefghijklmnopqrstuvwx"\nsteps = 5\n',
    'pkg/new.py': 'one\ntwo\n',
    'pkg/same.py': 'same\n',
    'pkg/weights.bin': Buffer.from([0, 9, 9]),
  });
  const diff = (await codeDiff(before, after, ['job-1', 'job-2']))!;
  expect(diff.files).toEqual([
    { path: 'pkg/new.py', kind: 'added', added: 2, removed: 0 },
    { path: 'pkg/old.py', kind: 'removed', added: 0, removed: 1 },
    { path: 'pkg/train.py', kind: 'changed', added: 2, removed: 1 },
    { path: 'pkg/weights.bin', kind: 'changed', added: null, removed: null },
  ]);
  expect(diff.patch).toMatch(/^--- job-1\/pkg\/train.py\s*\n\+\+\+ job-2\/pkg\/train.py\s*$/m);
  expect(diff.patch).toContain('-rate = 1\n+rate = 2\n+key = "(hidden)"\n steps = 5');
  expect(diff.patch).toContain('Binary or large files differ: pkg/weights.bin');
});

it('says nothing where a run has no copy of its code', async () => {
  expect(await codeDiff(run({}), run({ 'a.py': '' }), ['a', 'b'])).toBeNull();
  expect((await codeDiff(run({ 'a.py': 'x' }), run({ 'a.py': 'x' }), ['a', 'b']))!.files).toEqual([]);
});

it('compares large files by what they hold, and follows no link', async () => {
  const large = (last: string) => run({ 'data.txt': `${'x'.repeat(600_000)}${last}`, 'a.py': '1' });
  const diff = (await codeDiff(large('a'), large('b'), ['a', 'b']))!;
  expect(diff.files).toEqual([{ path: 'data.txt', kind: 'changed', added: null, removed: null }]);
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'code'));
  writeFileSync(join(folder, 'code', 'a.py'), '1');
  for (const [name, target] of [
    ['loop', '.'],
    ['again', '.'],
    ['data', '/etc'],
    ['gone', 'nowhere'],
  ] as const)
    symlinkSync(target, join(folder, 'code', name));
  expect(await codeDiff(createRunFiles(folder), run({ 'a.py': '1' }), ['a', 'b'])).toMatchObject({
    files: [],
    isWhole: true,
  });
});

it('compares files that have little in common while everything else goes on', async () => {
  const lines = (word: string) =>
    Array.from({ length: 20_000 }, (_, index) => `${word}${(index * 7919) % 1_000}`).join('\n');
  const [one, other] = [run({ 'a.py': lines('x = a') }), run({ 'a.py': lines('y = b') })];
  const held = await heldBy(async () => {
    const diff = (await codeDiff(one, other, ['a', 'b']))!;
    expect(diff.files).toEqual([{ path: 'a.py', kind: 'changed', added: null, removed: null }]);
  });
  expect(held.loopMs).toBeLessThan(200);
});
