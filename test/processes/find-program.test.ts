import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../src/processes/find-program.ts';
import { run } from '../../src/processes/run.ts';
import { temporaryFolder } from '../helpers.ts';

/** A script that says where it lies. */
function program(folder: string, name: string, mode = 0o755): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\nprintf %s '${path}'\n`);
  chmodSync(path, mode);
  return path;
}

/** What starting the program really runs: the path that it says, or null where it does not start. */
async function started(name: string, env: NodeJS.ProcessEnv, cwd: string): Promise<string | undefined> {
  const { stdout, startError } = await run({
    argv: [name],
    env,
    cwd,
    timeoutMs: 20_000,
    maxOutputBytes: 1_000,
  });
  return startError === null ? stdout.toString('utf8') : undefined;
}

describe('a program that is looked for by its name', () => {
  const cwd = temporaryFolder();
  const [a, b] = [join(cwd, 'a'), join(cwd, 'b')];
  program(cwd, 'here');
  program(a, 'both');
  program(b, 'both');
  program(b, 'second');
  program(a, 'plain', 0o644);
  program(b, 'plain');
  mkdirSync(join(a, 'folder'));
  program(b, 'folder');
  symlinkSync(join(a, 'nothing'), join(a, 'dangling'));
  program(b, 'dangling');
  symlinkSync(join(a, 'circle'), join(a, 'circle'));
  symlinkSync(join(b, 'second'), join(a, 'linked'));
  const PATH = `${a}:${b}`;

  it.each([
    ['is that of the first folder that has one', 'both', PATH, join(a, 'both')],
    ['may be in a later folder', 'second', PATH, join(b, 'second')],
    ['is no file that may not be executed', 'plain', PATH, join(b, 'plain')],
    ['is no folder', 'folder', PATH, join(b, 'folder')],
    ['is no link that leads nowhere', 'dangling', PATH, join(b, 'dangling')],
    ['is no link in a circle', 'circle', a, undefined],
    ['is none where no folder has it', 'absent', PATH, undefined],
    [
      'is passed over where a folder of PATH is a file',
      'second',
      `${join(a, 'both')}:${b}`,
      join(b, 'second'),
    ],
    [
      'is not found past a folder that is not there',
      'second',
      `${join(cwd, 'none')}:${b}`,
      join(b, 'second'),
    ],
    ['is in the working folder where PATH has an empty folder', 'here', `${a}::${b}`, join(cwd, 'here')],
    ['is in the working folder where PATH ends in a colon', 'here', `${a}:`, join(cwd, 'here')],
    ['is in the working folder where PATH is empty', 'here', '', join(cwd, 'here')],
    ['is below the working folder where PATH has a relative folder', 'both', 'b', join(b, 'both')],
    ['is by its path where that has a slash, whatever PATH says', 'b/second', a, join(b, 'second')],
    ['is not looked for on PATH where its path has a slash', './second', PATH, undefined],
    ['has a name', '', PATH, undefined],
  ])('%s, as the system starts it', async (_what, name, path, expected) => {
    expect(findProgram(name, { PATH: path }, cwd)).toBe(expected);
    if (name !== '') expect(await started(name, { PATH: path }, cwd)).toBe(expected);
  });

  it('is followed through a link', async () => {
    expect(findProgram('linked', { PATH: a }, cwd)).toBe(join(a, 'linked'));
    expect(await started('linked', { PATH: a }, cwd)).toBe(join(b, 'second'));
  });

  it('is looked for where the system keeps programs when there is no PATH', () => {
    expect(findProgram('sh', {}, cwd)).toMatch(/^(\/usr)?\/bin\/sh$/);
    expect(findProgram('here', {}, cwd)).toBeUndefined();
  });
});
