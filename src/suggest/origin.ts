import type { LaunchedRow } from '../core/experiment.ts';
import type { Preset } from '../core/preset.ts';
import { withoutQuotes } from '../core/yaml-scalar.ts';

const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_.]*)=([\s\S]*)$/;

/**
 * Whether a run is one of a preset's: it was launched from it in chat, or runs the preset's module with what the
 * preset's command itself sets, whoever started it. A run of another preset that runs something else is not.
 */
export function isOf(preset: Preset, presets: readonly Preset[], { row, launch }: LaunchedRow): boolean {
  if (launch?.preset === preset.name) return true;
  const own = launch && presets.find(({ name }) => name === launch.preset);
  if (own && !(own.cwd === preset.cwd && isSame(own.argv, preset.argv))) return false;
  const words = commandWords(row.command);
  const module = moduleOf(preset.argv);
  if (module === null || row.task_key === '') return isSame(words.slice(0, preset.argv.length), preset.argv);
  if (row.task_key !== module && !isWithin(module, row.task_key)) return false;
  return preset.argv.every((word) => !ASSIGNMENT.test(word) || words.length === 0 || words.includes(word));
}

/** What a run was given: by its launch, else by the words of its command, which are read and never run. Null: unknown. */
export function givenTo({ row, launch }: LaunchedRow, preset: Preset): Record<string, string> | null {
  if (launch) return launch.assignments;
  const words = commandWords(row.command);
  if (words.length === 0) return null;
  const own = new Set(preset.argv);
  return Object.fromEntries(
    words.flatMap((word) => {
      const [, key, value] = own.has(word) ? [] : (ASSIGNMENT.exec(word) ?? []);
      return key === undefined ? [] : [[key, withoutQuotes(value!)]];
    }),
  );
}

/** The words of a command as a POSIX shell would part them; nothing in it is expanded. */
export function commandWords(command: string): string[] {
  const words: string[] = [];
  for (const [word] of command.matchAll(/(?:[^\s'"\\]|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|['"])+/g))
    words.push(
      word.replace(
        /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g,
        (_all, single?: string, double?: string, escaped?: string) =>
          single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? '',
      ),
    );
  return words;
}

/** The module that an argument list runs: of `-m`, else of a script; null where neither is named. */
function moduleOf(argv: readonly string[]): string | null {
  const named = argv[argv.indexOf('-m') + 1];
  if (argv.includes('-m') && named !== undefined) return named;
  const script = argv.find((word) => word.endsWith('.py'));
  return script === undefined ? null : script.slice(0, -3).replace(/^\.\//, '').replaceAll('/', '.');
}

/** Whether a task key is that of a class of the module. */
function isWithin(module: string, taskKey: string): boolean {
  return taskKey.startsWith(`${module}.`) && !taskKey.slice(module.length + 1).includes('.');
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}
