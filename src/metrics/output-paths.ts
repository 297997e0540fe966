import { isSettingNamed, OUTPUT_SETTINGS } from '../core/output-settings.ts';

/** Ultralytics writes to its project's folder of this name. */
const WITHIN: Readonly<Record<string, string>> = { project: 'name' };

/** More than a path has. */
const PATH_MAX = 1_024;
/** Words by which a line tells where something is written. */
const TELLS =
  /\b(log(s|ged|ging|ger|dir)?|sav(e|ed|ing)|writ(e|ing|ten)|results?|output|tensorboard|tracking|checkpoints?|run dir(ectory)?)\b/i;
const LINE_MAX = 1_000;
/** What stands about a path in a line. */
const AROUND = /[\s'"`“”‘’,;()[\]{}<>=|]+/;

export interface NamedPath {
  path: string;
  /** What names it: a setting's name. */
  by: string;
}

/** Paths that settings name, in the order of how telling they are; a name in groups counts by its last parts. */
export function pathsInSettings(settings: Readonly<Record<string, string>>): NamedPath[] {
  const names = Object.keys(settings);
  return OUTPUT_SETTINGS.flatMap((wanted) =>
    names
      .filter((name) => isSettingNamed(name, wanted))
      .flatMap((by) => {
        const path = settings[by]!;
        if (!isPath(path)) return [];
        const within = settings[by.slice(0, by.length - wanted.length) + (WITHIN[wanted] ?? '')];
        const inner = WITHIN[wanted] && within && isPath(within) ? [{ path: `${path}/${within}`, by }] : [];
        return [...inner, { path, by }];
      }),
  );
}

/** What a program is given in its arguments, by name: `--name value`, `--name=value`, `name=value`. */
export function settingsInArguments(argv: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [index, word] of argv.entries()) {
    const given = /^(?:--?)?([A-Za-z][\w.-]*)=(.*)$/s.exec(word);
    const next = argv[index + 1];
    if (given) found[given[1]!] = given[2]!;
    else if (/^--[A-Za-z]/.test(word) && next !== undefined && !next.startsWith('-'))
      found[word.slice(2)] = next;
  }
  return found;
}

/** Paths in lines that tell of writing something, the last told first; each once. */
export function pathsInLines(lines: readonly string[]): string[] {
  const found = new Set<string>();
  for (const line of lines.toReversed()) {
    if (line.length > LINE_MAX || !TELLS.test(line)) continue;
    for (const word of line.split(AROUND)) {
      const path = withoutEnd(word);
      if (path.includes('/') && !path.includes('://') && isPath(path)) found.add(path);
    }
  }
  return [...found];
}

function isPath(text: string): boolean {
  return (
    text !== '' &&
    text.length <= PATH_MAX &&
    !['null', 'None', '/', '.', '~'].includes(text) &&
    !text.includes('\0')
  );
}

/** Without the point or colon that ends a sentence behind a path. */
function withoutEnd(word: string): string {
  let end = word.length;
  while (end > 0 && (word[end - 1] === '.' || word[end - 1] === ':')) end -= 1;
  return word.slice(0, end);
}
