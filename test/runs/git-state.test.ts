import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { gitStateIn, readGitState } from '../../src/runs/git-state.ts';
import { temporaryFolder } from '../helpers.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
/** As xax writes it: `git status` and `git diff` indented by four blanks. */
const state = (status: string, commit = `Commit: ${COMMIT}`, after = '') =>
  `=== Command Line ===\n\ntoy.py\n\n=== Git State ===\n\nPath: /home/ada/proj/toy.py\nBranch: main\n${commit}\nStatus:\n    On branch main\n${status}\nDiff:\n\n\n=== Packages ===\n\njax==0.9.1\n\n=== Environment Variables ===\n\nHOME=/home/ada${after}`;
const CLEAN = '    nothing to commit, working tree clean';

it('a run recorded its commit, and whether tracked files were changed', () => {
  expect(gitStateIn(state(CLEAN))).toEqual({ commit: COMMIT, isDirty: false });
  for (const changed of [
    '    Changes not staged for commit:\n    \tmodified:   toy.py',
    '    Changes to be committed:\n    \tmodified:   toy.py',
    '    Unmerged paths:\n    \tboth modified:   toy.py',
  ])
    expect(gitStateIn(state(changed)), changed).toEqual({ commit: COMMIT, isDirty: true });
  // A folder of runs in the repository is no change of its code.
  const untracked =
    '    Untracked files:\n    \trun_001/\n    nothing added to commit but untracked files present';
  expect(gitStateIn(state(untracked))).toEqual({ commit: COMMIT, isDirty: false });
});

it('no other words of the file are taken for a commit', () => {
  expect(gitStateIn(state(CLEAN, 'ValueError: no commit', `\nX=1\nCommit: ${COMMIT}`))).toBeNull();
  expect(gitStateIn(state(CLEAN, 'Commit: 0123'))).toBeNull();
  expect(gitStateIn('')).toBeNull();
});

it('a run without that file has none', async () => {
  const folder = join(temporaryFolder(), 'run');
  mkdirSync(folder);
  expect(await readGitState(createRunFiles(folder))).toBeNull();
  writeFileSync(join(folder, 'state.txt'), state(CLEAN));
  expect(await readGitState(createRunFiles(folder))).toEqual({ commit: COMMIT, isDirty: false });
});
