import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { asGiven } from '../../core/as-given.ts';
import { BotError } from '../../core/errors.ts';
import type { Preset } from '../../core/preset.ts';
import { legibleLine } from '../../core/unseen.ts';
import { realPath } from '../../files/real-path.ts';
import { expandHome } from '../../queue/expand-home.ts';
import type { Runnable } from './look.ts';

const NAME_MAX = 64;

/** Presets of what was found, each file once, without those that are there already; `home` is written as `~`. */
export function presetsFrom(found: readonly Runnable[], there: readonly Preset[], home: string): Preset[] {
  const names = new Set(there.map(({ name }) => name));
  const known = new Set(there.flatMap(({ cwd, argv }) => filesNamed(argv, expandHome(cwd, { HOME: home }))));
  return found
    .filter(({ module, folder }) => {
      const [file] = filesNamed([module], folder);
      const isNew = file === undefined || !known.has(file);
      if (file !== undefined) known.add(file);
      return isNew;
    })
    .map(({ module, folder, description, options, extras, python }) => {
      const name = freeName(module, names);
      names.add(name);
      return {
        name,
        description: legibleLine(description),
        cwd: inHome(folder, home),
        argv: [python, '-m', module],
        options: Object.fromEntries(
          Object.entries(options).map(([key, option]) => [
            key,
            { ...option, description: legibleLine(option.description) },
          ]),
        ),
        allowExtra: extras,
      };
    });
}

/** Those that are meant by `all`, `none`, or numbers and names with commas between. Error `bad-option`. */
export function chosen(presets: readonly Preset[], answer: string): Preset[] {
  if (answer === 'all') return [...presets];
  if (answer === 'none') return [];
  const words = answer.split(/[\s,]+/).filter(Boolean);
  return words.map((word) => {
    const preset =
      presets.find(({ name }) => name === word) ??
      (/^\d+$/.test(word) ? presets[Number(word) - 1] : undefined);
    if (preset) return preset;
    throw new BotError(
      'bad-option',
      `There is no preset ${asGiven(word)}.`,
      `Accepted: all, none, or of ${presets.map(({ name }) => name).join(', ') || 'none'} the names or numbers, with commas between.`,
    );
  });
}

/** The last part of a module's name, or as much of it as is needed to be told apart. */
function freeName(module: string, taken: ReadonlySet<string>): string {
  const parts = module.split('.');
  const candidates = parts.map((_, index) =>
    parts
      .slice(-1 - index)
      .join('.')
      .replace(/^[^A-Za-z0-9]+/, ''),
  );
  const numbered = Array.from({ length: taken.size + 1 }, (_, index) => `${candidates[0]}-${index + 2}`);
  const fitting = [...candidates, ...numbered].map((name) =>
    name.replace(/[^A-Za-z0-9._-]/g, '-').slice(-NAME_MAX),
  );
  return fitting.find((name) => /^[A-Za-z0-9]/.test(name) && !taken.has(name)) ?? `preset-${taken.size + 1}`;
}

/** The Python files that words of a command name in a folder, by their path or as modules. */
function filesNamed(words: readonly string[], folder: string): string[] {
  return words.flatMap((word) => {
    const module = join(folder, ...word.split('.'));
    const places = [...(word.endsWith('.py') ? [resolve(folder, word)] : []), `${module}.py`];
    return [...places, join(module, '__main__.py')].filter(existsSync).slice(0, 1).map(realPath);
  });
}

function inHome(path: string, home: string): string {
  if (path === home) return '~';
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
