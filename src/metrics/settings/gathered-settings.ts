import type { RunSettings } from '../../core/metrics.ts';
import type { FileState, RunFiles } from '../../core/queue.ts';
import { isSecretName } from '../../core/secret-names.ts';
import { MASK } from '../../core/secrets.ts';
import { isUnchanged } from '../file-state.ts';
import type { GatheredRun } from '../gathered.ts';
import { CONFIG_MAX_BYTES, settingsOfYaml } from '../run-config.ts';
import { EVENTS } from '../sources/events.ts';
import { folderOf, nameOf } from '../sources/source.ts';
import { subRunsOf } from '../sub-runs.ts';
import { type FoundFile, type Kind, whyUnread } from '../survey.ts';
import { BEGINNING_BYTES, settingsInEvents } from './event-settings.ts';
import { SETTINGS, type SettingsKind } from './index.ts';
import { settingsInJson } from './json-settings.ts';

/** Settings of all files of a run that are taken in; what more files say is left. */
const SETTINGS_MAX = 10_000;

interface Told {
  path: string;
  settings: Readonly<Record<string, string>>;
  /** What they are compared by, where that is another spelling. */
  values: Readonly<Record<string, string>>;
}

/**
 * What a run was started with, by all that its stack left: what an event file begins with, files of settings, and what files of
 * metrics say beside them. The first that has a setting tells it; one that differs between parts of the run, as trials of
 * a sweep, is none of the whole.
 */
export function createGatheredSettings(files: RunFiles, gathered: GatheredRun) {
  const known = new Map<string, { at: FileState | null; told: Told | null; problem: string | null }>();

  /** A file that cannot be read at present tells what it told before. */
  async function tell(found: FoundFile): Promise<Told | null> {
    const { path } = found;
    return tellNow(found).catch((error: unknown) => {
      const told = known.get(path)?.told ?? null;
      known.set(path, { at: null, told, problem: `its ${path} ${whyUnread(path, error)}` });
      return told;
    });
  }

  async function tellNow({ path, kind }: FoundFile): Promise<Told | null> {
    const found = await files.stat(path);
    if (!found) return null;
    const before = known.get(path);
    // What an event file begins with stays, and so does that there is nothing in it.
    const isTold =
      kind === EVENTS &&
      before?.at?.inode === found.inode &&
      (before.told || before.at.size >= BEGINNING_BYTES);
    if (before && (isTold || isUnchanged(before.at, found))) return before.told;
    const { told, problem } = await read(path, kind, found.size);
    known.set(path, { at: found, told, problem });
    return told;
  }

  async function read(
    path: string,
    kind: Kind,
    size: number,
  ): Promise<{ told: Told | null; problem: string | null }> {
    if (kind === EVENTS) {
      const inside = await settingsInEvents(files, path, size);
      return { told: inside && { path, ...inside }, problem: null };
    }
    if (size > CONFIG_MAX_BYTES) return { told: null, problem: tooLarge(path, size) };
    const text = (await files.read(path, 0, size)).toString('utf8');
    switch ((kind as SettingsKind).syntax) {
      case 'YAML': {
        const { settings, values = settings, problem } = await settingsOfYaml(text, path);
        return { told: problem === null ? { path, settings, values } : null, problem };
      }
      case 'JSON':
        try {
          return { told: { path, ...settingsInJson(text) }, problem: null };
        } catch (error) {
          return { told: null, problem: `its ${path} is not JSON: ${(error as Error).message}` };
        }
      case 'text': {
        const settings = { [nameOf(path)]: text };
        return { told: { path, settings, values: settings }, problem: null };
      }
    }
  }

  return {
    /** By the files that the last gathering found. `from`: paths of those that tell of them. */
    async read(): Promise<RunSettings> {
      const told: Told[] = [];
      const relevant = gathered
        .files()
        .filter(({ kind }) => kind === EVENTS || SETTINGS.includes(kind as SettingsKind));
      let left = SETTINGS_MAX;
      for (const each of relevant) {
        const found = left > 0 ? await tell(each) : null;
        if (!found) continue;
        told.push(found);
        left -= Object.keys(found.settings).length;
      }
      for (const { path, settings } of gathered.settings()) told.push({ path, settings, values: settings });
      if (told.length === 0) {
        const problem = [...known.values()].find((each) => each.problem !== null)?.problem;
        return { settings: {}, problem: problem ?? 'nothing in its folder says what it was started with' };
      }
      return {
        ...together(told, gathered.last()?.attempts ?? []),
        problem: null,
        from: told.map(({ path }) => path),
      };
    },
  };
}

/**
 * Of files of one name in several parts of a run what they agree on, of those of several attempts the last; then the first that has a
 * setting. `attempts`: in the order of time; those without metrics say least. `differing`: what parts or attempts do not agree on.
 */
function together(
  told: readonly Told[],
  attempts: readonly string[],
): Required<Pick<RunSettings, 'settings' | 'values' | 'differing'>> {
  const settings: Record<string, string> = {};
  const values: Record<string, string> = {};
  const places = subRunsOf(told.map(({ path }) => folderOf(path)));
  const placeOf = ({ path }: Told) => places.get(folderOf(path))!;
  const inOrder = told.toSorted(
    (a, b) => attempts.indexOf(placeOf(a).attempt) - attempts.indexOf(placeOf(b).attempt),
  );
  const kinds = [...Map.groupBy(told, ({ path }) => kindOf(path)).keys()];
  const byKind = Map.groupBy(inOrder, ({ path }) => kindOf(path));
  const [apart, changed] = [new Set<string>(), new Set<string>()];
  for (const alike of byKind.values()) {
    const parts = [...Map.groupBy(alike, (each) => placeOf(each).prefix).values()];
    for (const key of differingIn(parts.map(merged))) apart.add(key);
    for (const ofPart of parts) for (const key of differingIn(byAttempt(ofPart))) changed.add(key);
  }
  for (const kind of kinds)
    for (const each of byKind.get(kind)!.toReversed())
      for (const [key, value] of Object.entries(each.settings))
        if (!apart.has(key) && !(key in settings)) {
          const isSecret = isSecretName(key) && value !== 'null';
          settings[key] = isSecret ? MASK : value;
          values[key] = isSecret ? MASK : each.values[key]!;
        }
  return { settings, values, differing: [...new Set([...apart, ...changed])].sort() };

  function byAttempt(part: readonly Told[]): Values[] {
    return [...Map.groupBy(part, (each) => placeOf(each).attempt).values()].map(merged);
  }
}

type Values = Readonly<Record<string, string>>;

function merged(told: readonly Told[]): Values {
  return Object.assign({}, ...told.map(({ values }) => values)) as Values;
}

function differingIn(all: readonly Values[]): string[] {
  const keys = new Set(all.flatMap((each) => Object.keys(each)));
  return [...keys].filter((key) => all.some((each) => each[key] !== all[0]![key]));
}

/** Files that say the same kind of thing: of one name, and all event files. */
function kindOf(path: string): string {
  const name = nameOf(path);
  return name.includes('tfevents') ? 'events' : /(^|\/)params\/[^/]+$/.test(path) ? `params/${name}` : name;
}

function tooLarge(path: string, size: number): string {
  return `its ${path} has ${size} bytes; at most ${CONFIG_MAX_BYTES} are read`;
}
