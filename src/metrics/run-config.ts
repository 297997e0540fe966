import { hasAtMost } from '../core/has-at-most.ts';
import type { RunSettings } from '../core/metrics.ts';
import type { FileState, RunFiles } from '../core/queue.ts';
import { ownProgram } from '../processes/own-program.ts';
import { run } from '../processes/run.ts';
import { settingsIn } from './config-settings.ts';
import { isUnchanged } from './file-state.ts';
import { yamlProblem } from './yaml-problem.ts';

export const CONFIG_FILE = 'config.yaml';
/** xax writes some kilobytes; a large one would hold everything else up while it is parsed. One larger than this is not read. */
export const CONFIG_MAX_BYTES = 64 * 1024;
/** A larger one is parsed by a process of its own: the parser takes a millisecond for some hundred bytes of the worst. */
const HERE_MAX_BYTES = 4 * 1024;
/** What opens and closes within lines, and names other places: PyYAML writes few of them, and the parser is slow where many are not in order. */
const SIGNS = '?[]{}"*&';
const SIGNS_MAX = 64;
const PROCESS_TIMEOUT_MS = 20_000;
const PROCESS_MAX_MB = 128;
const PROGRAM = ownProgram('./settings-process', import.meta.url, [`--max-old-space-size=${PROCESS_MAX_MB}`]);
const OUTPUT_MAX_BYTES = 2 * 1024 * 1024;

/** A run's resolved settings, read again only when the file has changed: a run's first moments may show half of it. */
export function createRunConfig(files: RunFiles) {
  let known: { at: FileState; found: RunSettings } | null = null;

  async function read(): Promise<RunSettings> {
    const file = await files.stat(CONFIG_FILE);
    if (!file) {
      return unknown(
        (await files.exists())
          ? `its run folder has no ${CONFIG_FILE}`
          : 'its run folder is gone or was moved',
      );
    }
    if (file.size > CONFIG_MAX_BYTES)
      return unknown(`its ${CONFIG_FILE} has ${file.size} bytes; at most ${CONFIG_MAX_BYTES} are read`);
    if (known && isUnchanged(known.at, file)) return known.found;
    const text = (await files.read(CONFIG_FILE, 0, file.size)).toString('utf8');
    const found = await settingsOfYaml(text, CONFIG_FILE);
    known = { at: file, found };
    return found;
  }

  return { read };
}

/** The settings in a YAML text of a file of this name, a larger one parsed in a process of its own; `problem` where there are none. */
export async function settingsOfYaml(text: string, file: string): Promise<RunSettings> {
  return isShortToParse(text) ? parsed(text, file) : parsedApart(text, file);
}

function unknown(problem: string): RunSettings {
  return { settings: {}, problem };
}

/** Whether the parser takes no longer for a text than others may be made to wait. */
export function isShortToParse(text: string): boolean {
  return text.length <= HERE_MAX_BYTES && hasAtMost(text, SIGNS, SIGNS_MAX);
}

function parsed(text: string, file: string): RunSettings {
  try {
    return settingsOf(settingsIn(text), file);
  } catch (error) {
    return notYaml(yamlProblem(error), file);
  }
}

async function parsedApart(text: string, file: string): Promise<RunSettings> {
  const { exitCode, stdout, timedOut, startError } = await run({
    argv: PROGRAM,
    env: {},
    input: text,
    timeoutMs: PROCESS_TIMEOUT_MS,
    maxOutputBytes: OUTPUT_MAX_BYTES,
  });
  if (exitCode !== 0)
    return unknown(
      `its ${file} could not be read: ${startError ?? (timedOut ? 'it took too long' : 'it takes too much memory')}`,
    );
  const answer = JSON.parse(stdout.toString('utf8')) as
    | { found: ReturnType<typeof settingsIn>; problem?: undefined }
    | { problem: string };
  return answer.problem === undefined ? settingsOf(answer.found, file) : notYaml(answer.problem, file);
}

function settingsOf(found: ReturnType<typeof settingsIn>, file: string): RunSettings {
  return Object.keys(found.settings).length > 0
    ? { ...found, problem: null }
    : unknown(`its ${file} holds no settings`);
}

function notYaml(problem: string, file: string): RunSettings {
  return unknown(`its ${file} is not YAML: ${problem}`);
}
