import { realpathSync } from 'node:fs';
import { BotError } from '../../core/errors.ts';
import type { Preset } from '../../core/preset.ts';
import { legibleLine } from '../../core/unseen.ts';
import type { Runnable } from './look.ts';

const NAME_MAX = 64;

/** Presets of what was found, without those that are there already; `home` is written as `~`. */
export function presetsFrom(found: readonly Runnable[], there: readonly Preset[], home: string): Preset[] {
  const names = new Set(there.map(({ name }) => name));
  return found
    .filter((each) => !there.some((preset) => isSame(preset, each)))
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
      `There is no preset "${word}".`,
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

function isSame({ argv, cwd }: Preset, { module, folder }: Runnable): boolean {
  return argv.includes(module) && real(cwd) === real(folder);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function inHome(path: string, home: string): string {
  if (path === home) return '~';
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
