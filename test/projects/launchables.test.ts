import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findLaunchables } from '../../src/projects/index.ts';
import { cpuMs, temporaryFolder } from '../helpers.ts';

function project(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const found = (files: Record<string, string>) => {
  const folder = project(files);
  return findLaunchables(folder).found.map((each) => ({
    ...each,
    folder: each.folder.replace(folder, '.'),
    project: each.project.replace(folder, '.'),
  }));
};
const modules = (files: Record<string, string>) => found(files).map(({ module }) => module);

const CONFIG = `@dataclass
class Config(xax.SupervisedConfig):
    learning_rate: float = xax.field(2e-3, help="How fast")
    hidden_dim: int = xax.field(1_024)
    use_bias: bool = True
`;
const TASK = 'class Toy(xax.SupervisedTask[Config]):\n    pass\n\n';
const HEAD = `"""Fits a line.

More of it."""
from dataclasses import dataclass
import xax

`;
const MAIN = 'if __name__ == "__main__":\n    Toy.launch(Config(batch_size=256, hidden_dim=64))\n';
const TOY = HEAD + CONFIG + TASK + MAIN;
/** The options of a task with these fields and this launch. */
const options = (fields: string, launch = 'Toy.launch(Config())', before = '') => {
  const indented = fields.replace(/^/gm, '    ');
  const text = `${HEAD}${before}\n@dataclass\nclass Config(xax.Config):\n${indented}\n\n${TASK}if __name__ == "__main__":\n    ${launch}\n`;
  return found({ 'toy.py': text })[0]!.options;
};

describe('modules that launch a task', () => {
  it('are found by their source, with what the task can be given', () => {
    expect(found({ 'examples/toy.py': TOY, 'pyproject.toml': '' })).toEqual([
      {
        module: 'examples.toy',
        folder: '.',
        project: '.',
        task: 'Toy',
        description: 'Fits a line',
        options: {
          learning_rate: { type: 'number', description: 'How fast', default: '2e-3' },
          hidden_dim: { type: 'integer', description: '', default: '64' },
          use_bias: { type: 'boolean', description: '', default: 'true' },
        },
        extras: ['batch_size', 'max_steps'],
      },
    ]);
  });

  it.each([
    ['the other way round', { 'toy.py': TOY.replace('__name__ == "__main__"', "'__main__' == __name__") }],
    [
      'in a function that is called',
      {
        'toy.py': TOY.replace(
          MAIN,
          'def main() -> None:\n    Toy.launch(Config())\n\n\nif __name__ == "__main__":\n    main()\n',
        ),
      },
    ],
    ['on one line', { 'toy.py': TOY.replace(MAIN, 'if __name__ == "__main__": Toy.launch(Config())') }],
    [
      'by another name of the package',
      { 'toy.py': TOY.replace('import xax', 'import xax as x').replaceAll('xax.', 'x.') },
    ],
    [
      'by names of the package',
      {
        'toy.py': TOY.replace(
          'import xax',
          'from xax import (\n    SupervisedConfig,\n    SupervisedTask, field,\n)',
        ).replaceAll('xax.', ''),
      },
    ],
    ['with lines of Windows and a byte order mark', { 'toy.py': `\ufeff${TOY.replaceAll('\n', '\r\n')}` }],
    ['with tabs', { 'toy.py': TOY.replaceAll('    ', '\t') }],
    [
      'of a task that is imported',
      { 'task.py': HEAD + CONFIG + TASK, 'toy.py': `from task import Toy, Config\n${MAIN}` },
    ],
    [
      'of a task that another one is',
      {
        'toy.py': TOY.replace('class Toy(', 'class Base(').replace(
          MAIN,
          `class Toy(Base):\n    pass\n\n${MAIN}`,
        ),
      },
    ],
  ])('are found where it is written %s', (_how, files) => {
    expect(modules(files)).toEqual(['toy']);
  });

  it.each([
    [
      'another thing that is launched',
      'import gradio as gr\ndemo = gr.Blocks()\nif __name__ == "__main__":\n    demo.launch()\n',
    ],
    ['a class of the same form', TOY.replace('import xax', 'import other as xax')],
    ['no launch when it is run', TOY.replace(MAIN, '')],
    [
      'a launch in words',
      `"""${TOY.replaceAll('"""', '').replaceAll('"', "'")}"""\nif __name__ == "__main__":\n    pass\n`,
    ],
    ['a launch that is commented out', TOY.replace('    Toy.launch', '    pass  # Toy.launch')],
    [
      'a launcher of their own',
      TOY.replace('hidden_dim=64))', 'hidden_dim=64), launcher=xax.SingleDeviceLauncher())'),
    ],
    ['a launch that reads no command line', TOY.replace('hidden_dim=64))', 'hidden_dim=64), use_cli=False)')],
    [
      'a launch in another function',
      TOY.replace(
        MAIN,
        'def other():\n    Toy.launch(Config())\n\nif __name__ == "__main__":\n    print(1)\n',
      ),
    ],
  ])('are not those with %s', (_what, text) => {
    expect(modules({ 'toy.py': text })).toEqual([]);
  });

  it('are named as they are run: from the folder that their imports are found in', () => {
    const task = HEAD + CONFIG + TASK;
    const runs = (files: Record<string, string>) =>
      found(files).map(({ folder, module }) => `${folder} ${module}`);
    expect(runs({ 'src/lab/__init__.py': '', 'src/lab/train.py': TOY, 'pyproject.toml': '' })).toEqual([
      './src lab.train',
    ]);
    expect(runs({ 'lab/__init__.py': '', 'lab/__main__.py': TOY })).toEqual(['. lab']);
    expect(
      runs({
        'lab/__init__.py': '',
        'lab/task.py': task,
        'lab/train.py': `from lab.task import Toy, Config\n${MAIN}`,
      }),
    ).toEqual(['. lab.train']);
    expect(
      runs({
        'lab/__init__.py': '',
        'lab/task.py': task,
        'lab/train.py': `from .task import Toy, Config\n${MAIN}`,
      }),
    ).toEqual(['. lab.train']);
    expect(
      runs({ 'scripts/task.py': task, 'scripts/train.py': `from task import Toy, Config\n${MAIN}` }),
    ).toEqual(['./scripts train']);
    expect(
      runs({
        'lab/__init__.py': 'from .task import *\n',
        'lab/task.py': task,
        'lab/run/train.py': `import lab\nfrom lab import Toy, Config\n${MAIN}`,
      }),
    ).toEqual(['. lab.run.train']);
    expect(
      runs({ 'one/pyproject.toml': '', 'one/toy.py': TOY, 'two/pyproject.toml': '', 'two/my-toy.py': TOY }),
    ).toEqual(['./one toy', './two my-toy']);
    expect(runs({ 'toy v1.2.py': TOY })).toEqual([]);
  });

  it('are not looked for in copies, in what others wrote, and behind links', () => {
    const folder = project({
      'toy.py': TOY,
      'toy/run_003/code/toy.py': TOY,
      '.venv/lib/toy.py': TOY,
      'env39/pyvenv.cfg': '',
      'env39/lib/toy.py': TOY,
      'lib/python3.12/site-packages/toy.py': TOY,
      'closed/toy.py': TOY,
      'vendor/pyproject.toml': '[project]\n\nname = "xax"\n',
      'vendor/xax/__init__.py': '',
      'vendor/examples/toy.py': TOY,
    });
    symlinkSync(folder, join(folder, 'around'));
    symlinkSync('itself', join(folder, 'itself'));
    symlinkSync('gone.py', join(folder, 'dangling.py'));
    chmodSync(join(folder, 'closed'), 0o000);
    const { found: all, isCut } = findLaunchables(folder);
    chmodSync(join(folder, 'closed'), 0o700);
    expect(all.map(({ module }) => module).filter((name) => !name.startsWith('closed'))).toEqual(['toy']);
    expect(isCut).toBe(false);
  });
});

describe('the options of a task', () => {
  it('have the types of single values', () => {
    const all = options(
      `a: int = 1
b: "float | None" = None
c: Optional[str] = 'x # no comment'
d: typing.Literal['adam', "sgd"] = "sgd"
e: Kind = Kind.BIG
f: list[int] = xax.field([1])
g: dict = xax.field(default_factory=dict)
h: Path = Path("x")
i: Union[int, None] = 0x10
j: int | float = 1
k: Annotated[float, "unit"] = -1.5
l: ClassVar = 3
m: int = xax.field(xax.MISSING, help='must be ' 'given')`,
      undefined,
      'import enum\nclass Kind(enum.Enum):\n    SMALL = 1\n    BIG = 2\n',
    );
    expect(all).toEqual({
      a: { type: 'integer', description: '', default: '1' },
      b: { type: 'number', description: '' },
      c: { type: 'text', description: '', default: 'x # no comment' },
      d: { type: 'choice', choices: ['adam', 'sgd'], description: '', default: 'sgd' },
      e: { type: 'choice', choices: ['SMALL', 'BIG'], description: '', default: 'BIG' },
      h: { type: 'text', description: '' },
      i: { type: 'integer', description: '', default: '16' },
      k: { type: 'number', description: '', default: '-1.5' },
      m: { type: 'integer', description: 'must be given' },
    });
  });

  it('have a default only where it is certain what the task would get', () => {
    const of = (value: string, launch?: string) =>
      options(`a: float = ${value}`, launch, 'RATE = 1e-4\n').a!.default;
    expect(of('RATE')).toBe('1e-4');
    expect(of('60 * 60')).toBe('3600');
    expect(of('xax.field(default=2 ** 10, help="x")')).toBe('1024');
    expect(of('1.5 * RATE')).toBeUndefined();
    expect(of('float("inf")')).toBeUndefined();
    expect(of('1', 'Toy.launch(Config(a=3e-5))')).toBe('3e-5');
    expect(of('1', 'Toy.launch(Config(a=rate()))')).toBeUndefined();
    expect(of('1', 'Toy.launch(Config(**settings))')).toBeUndefined();
    expect(of('1', 'Toy.launch(Config(2.0))')).toBeUndefined();
    expect(of('1', 'Toy.launch(config)')).toBeUndefined();
    expect(of('1', 'Toy.launch(Config(), "more.yaml")')).toBeUndefined();
    expect(of('1', 'Toy.launch(Config(), use_cli=True)')).toBe('1');
    expect(options('api_key: str = "k-123"').api_key).toEqual({ type: 'text', description: '' });
    expect(options('a: str = "${oc.env:HOME}"').a).toEqual({ type: 'text', description: '' });
  });

  it('are those of the classes that it is derived from too, and none of one that is no data class', () => {
    const base = '@dataclass\nclass Base(xax.Config):\n    depth: int = 2\n    width: int = 3\n\n';
    const text = `${HEAD}${base}@dataclass\nclass Config(Base):\n    width: int = 5\n\nclass Late(Config):\n    height: int = 1\n\nclass Toy(xax.Task[Late]):\n    pass\n\nif __name__ == "__main__":\n    Toy.launch(Late())\n`;
    expect(found({ 'toy.py': text })[0]!.options).toEqual({
      depth: { type: 'integer', description: '', default: '2' },
      width: { type: 'integer', description: '', default: '5' },
    });
  });

  it('leave out what the queue sets', () => {
    expect(Object.keys(options('run_dir: str = "x"\nlauncher: str = "y"\na: int = 1'))).toEqual(['a']);
  });
});

describe('sources that nobody meant', () => {
  const big = 20_000;
  it.each([
    ['brackets that never close', '('.repeat(big)],
    ['quotes that never close', '"""'.repeat(big + 1)],
    ['quotes on lines', `${"'\n".repeat(big)}`],
    ['nested brackets', `a = ${'['.repeat(big)}${']'.repeat(big)}`],
    ['bytes that are no text', String.fromCharCode(0xfffd, 0, 1, 2).repeat(big)],
    ['one long line', `x = ${'a.'.repeat(big)}launch(`],
    ['many blanks', `${' \t'.repeat(big)}x\n`.repeat(3)],
    ['backslashes', '\\'.repeat(big)],
    ['digits', '1_'.repeat(big)],
    ['constants in a circle', 'A = B\nB = A\n'.repeat(1_000)],
    ['imports in a circle', 'from toy import *\nfrom toy import Toy\n'.repeat(500)],
    ['classes in a circle', 'class A(B): pass\nclass B(A): pass\n'.repeat(1_000)],
    ['many statements', 'a; '.repeat(big)],
  ])('are read in a time that grows with their length: %s', (_what, text) => {
    const began = cpuMs();
    expect(modules({ 'toy.py': `${text}\nif __name__ == "__main__":\n    A.launch(B())\n` })).toEqual([]);
    expect(cpuMs() - began).toBeLessThan(1_500);
  });
});
