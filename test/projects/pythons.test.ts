import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pythonsFor } from '../../src/projects/pythons.ts';
import { house } from '../cli/init-house.ts';

describe('the Python of a project', () => {
  const found = (at: ReturnType<typeof house>, more: Partial<Parameters<typeof pythonsFor>[1]> = {}) =>
    pythonsFor(at.project, { env: at.env, home: at.home, ofJobs: [], ...more });

  it.each(['.venv', 'venv', '.pixi/envs/default', 'py312'])('stands in its folder, as %s', (environment) => {
    const at = house(environment);
    expect(found(at).found.map(({ path }) => path)).toEqual([at.python]);
  });

  it('is not that of a neighbour, which is named, but stands above where the project does', () => {
    const at = house('gone');
    const python = (...parts: string[]) => {
      const bin = join(at.home, ...parts, 'bin');
      mkdirSync(bin, { recursive: true });
      writeFileSync(join(bin, '..', 'pyvenv.cfg'), '');
      writeFileSync(join(bin, 'python'), '', { mode: 0o755 });
      return join(bin, 'python');
    };
    rmSync(join(at.project, 'gone'), { recursive: true });
    const lab = join(at.home, 'lab');
    const code = join(lab, 'proj', 'code');
    mkdirSync(code, { recursive: true });
    const seen = () => {
      const { found, refused } = pythonsFor(code, { env: at.env, home: at.home, ofJobs: [] });
      return [found.map(({ path, isOwn }) => [path, isOwn]), refused];
    };
    const [theirs, shared] = [python('lab', 'other'), python('lab', '.venv')];
    const said = expect.stringMatching(`^Near ${code} is .*--python ${shared} takes it`);
    expect(seen()).toEqual([[], [said]]);
    writeFileSync(join(lab, 'proj', 'pyproject.toml'), '');
    expect(seen()).toEqual([[], [said]]);
    mkdirSync(join(lab, '.git'));
    expect(seen()).toEqual([[[shared, true]], []]);
    const own = python('lab', 'proj', 'venv');
    expect(seen()).toEqual([
      [
        [own, true],
        [shared, true],
      ],
      [],
    ]);
    expect(JSON.stringify(seen())).not.toContain(theirs);
  });

  it('is where its tools keep it: poetry, conda, pipenv, uv', () => {
    const at = house('gone');
    const other = (...parts: string[]) => {
      const path = join(at.home, ...parts, 'bin', 'python');
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, '', { mode: 0o755 });
      mkdirSync(join(at.home, ...parts, 'conda-meta'));
      return path;
    };
    writeFileSync(join(at.project, 'environment.yml'), 'name: lab\n');
    const conda = other('miniconda3', 'envs', 'lab');
    const uv = other('envs', 'uv');
    writeFileSync(join(at.project, 'Pipfile'), '');
    const pipenv = other('.local', 'share', 'virtualenvs', 'proj-x');
    writeFileSync(join(at.home, '.local/share/virtualenvs/proj-x/.project'), at.project);
    const env = { ...at.env, UV_PROJECT_ENVIRONMENT: join(at.home, 'envs', 'uv') };
    const paths = found(at, { env }).found.map(({ path }) => path);
    expect(paths).toEqual([at.python, uv, pipenv, conda]);
  });

  it('is that of its own jobs first, of other jobs last, and one that has xax before one that has not', () => {
    const at = house();
    const job = (name: string) => {
      const path = join(at.home, name, 'bin', 'python');
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, '', { mode: 0o755 });
      return path;
    };
    const [own, other] = [job('own'), job('other')];
    const ofJobs = [
      { path: other, isOfProject: false },
      { path: own, isOfProject: true },
      { path: join(at.home, 'gone/bin/python'), isOfProject: true },
    ];
    const paths = () => found(at, { ofJobs }).found.map(({ path }) => path);
    expect(paths()).toEqual([own, at.python, other]);
    mkdirSync(join(at.home, 'other/lib/python3.12/site-packages/xax-0.4.9.dist-info'), { recursive: true });
    expect(paths()).toEqual([other, own, at.python]);
  });

  it('is not one that others may change, nor a folder, nor a link in a circle', () => {
    const at = house();
    chmodSync(at.python, 0o777);
    expect(found(at)).toEqual({
      found: [],
      refused: [expect.stringMatching(/may be written by everybody.*chmod o-w/)],
    });
    mkdirSync(join(at.project, 'venv', 'bin', 'python'), { recursive: true });
    writeFileSync(join(at.project, 'venv', 'pyvenv.cfg'), '');
    symlinkSync('env', join(at.project, 'env'));
    expect(found(at).found).toEqual([]);
  });
});
