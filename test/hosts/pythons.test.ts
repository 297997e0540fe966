import { globSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import { createHost, type Host } from '../../src/hosts/host.ts';
import { runThere } from '../../src/hosts/run-there.ts';
import { createFilesThere } from '../../src/queue/files-there.ts';
import { type Sshd, startSshd, whyNoSshd } from '../servers/sshd/index.ts';

const why = whyNoSshd();
const PATIENCE_MS = 60_000;
const TOO_OLD = ['2.7', '3.5', '3.6'];
const NEW_ENOUGH = ['3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14'];

/** A Python of that version, on PATH or where pyenv puts them. */
function pythonOf(version: string): string | undefined {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.endsWith('/shims')),
    join(homedir(), '.pyenv', 'versions', `${version}.*`, 'bin'),
  ];
  return folders.flatMap((folder) => globSync(join(folder, `python${version}`)))[0];
}

const [old] = TOO_OLD.flatMap((version) => pythonOf(version) ?? []);

describe.skipIf(why !== null)(
  `the Python of another host (${why ?? 'by a real sshd'})`,
  { timeout: PATIENCE_MS },
  () => {
    let box: Sshd;
    let path: string;
    beforeAll(async () => {
      box = await startSshd();
      path = join(box.home, 'bin');
      // A host without /usr/bin/python3.
      const shell = join(box.folder, 'login-shell');
      writeFileSync(
        shell,
        `#!/bin/sh\nexec /bin/sh -c "$(printf %s "$2" | /bin/sed 's, /usr/bin/python3,,')"\n`,
        {
          mode: 0o755,
        },
      );
      box.setShell(shell);
    }, PATIENCE_MS);
    afterAll(() => box?.stop(), PATIENCE_MS);

    /** Reaches a host on whose PATH these stand, and nothing else. */
    async function reach<T>(
      programs: Record<string, string>,
      look: (host: Host) => T | Promise<T>,
      python?: string,
    ): Promise<T> {
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path);
      for (const [name, target] of Object.entries({ cat: '/bin/cat', head: '/usr/bin/head', ...programs }))
        symlinkSync(target, join(path, name));
      box.setEnvironment({ PATH: path });
      const host = createHost({
        place: { host: box.host, python },
        env: { PATH: `${box.bin}:${process.env.PATH}` },
        clock: Date.now,
        log: silentLog,
        onUp: async () => {},
        onChange() {},
      });
      host.start();
      try {
        await host.tried();
        return await look(host);
      } finally {
        await host.stop();
      }
    }

    const problem = (host: Host) => {
      const state = host.state();
      return state.isUp ? null : state.problem;
    };

    for (const version of NEW_ENOUGH) {
      const python = pythonOf(version);
      it.skipIf(python === undefined)(
        `works by ${version}${python === undefined ? ' (there is none)' : ''}`,
        async () => {
          const run = join(box.home, `Läufe ${version}`);
          mkdirSync(run);
          writeFileSync(join(run, 'größe.log'), 'ä\n');
          await reach({ python3: python! }, async (host) => {
            expect(problem(host)).toBeNull();
            expect(host.facts()!.python).toMatch(new RegExp(`^${version.replace('.', '\\.')}\\.`));
            const files = createFilesThere(host, run);
            expect(await files.entries('', 10)).toEqual([{ name: 'größe.log', kind: 'file' }]);
            expect((await files.read('größe.log', 0, 10)).toString()).toBe('ä\n');
            const said = await runThere(host, {
              argv: ['/bin/echo', 'grün'],
              env: {},
              timeoutMs: PATIENCE_MS,
              maxOutputBytes: 100,
              isChange: true,
            });
            expect(said).toMatchObject({ exitCode: 0, stdout: Buffer.from('grün\n') });
          });
        },
      );
    }

    const newer = NEW_ENOUGH.filter((version) => pythonOf(version) !== undefined).at(-2);

    it.skipIf(!old || !newer)('is a newer one where python3 is too old', async () => {
      const programs = { python3: old!, [`python${newer}`]: pythonOf(newer!)! };
      const found = await reach(programs, (host) => host.facts()?.executable);
      expect(found).toBe(join(path, `python${newer}`));
    });

    it.skipIf(!newer)('is the named one, and the one on PATH where that does not run', async () => {
      const programs = { python3: pythonOf(newer!)!, mine: pythonOf(newer!)! };
      const by = (named: string) => reach(programs, (host) => host.facts()?.executable, named);
      expect(await by('~/bin/mine')).toBe(join(path, 'mine'));
      expect(await by('/nope/python')).toBe(join(path, 'python3'));
    });

    it('is said to be missing, with what to do', async () => {
      expect(await reach({}, problem)).toBe(
        'box cannot be worked on: there is no Python of 3.7 or newer. Name the xax command by its path as bin: the Python beside it is used.',
      );
    });

    it.skipIf(!old)('is said to be too old, with its version', async () => {
      expect(await reach({ python3: old! }, problem)).toMatch(
        /^box cannot be worked on: there is no Python of 3\.7 or newer; python3 is Python (2|3\.[56])\.[\d.]+\. Name the xax command/,
      );
    });
  },
);
