import { errorText } from '../core/errors.ts';
import type { RunSettings } from '../core/metrics.ts';
import type { RunFiles } from '../core/queue.ts';
import { settingsIn } from './config-settings.ts';

const FILE = 'config.yaml';
/** xax writes some kilobytes; a large one would hold everything else up while it is parsed. One larger than this is not read. */
const CONFIG_MAX_BYTES = 64 * 1024;

/** A run's resolved settings, read again only when the file has changed: a run's first moments may show half of it. */
export function createRunConfig(files: RunFiles) {
  let known: { at: string; found: RunSettings } | null = null;

  async function read(): Promise<RunSettings> {
    const file = await files.stat(FILE);
    if (!file) {
      return unknown(
        (await files.exists()) ? `its run folder has no ${FILE}` : 'its run folder is gone or was moved',
      );
    }
    if (file.size > CONFIG_MAX_BYTES)
      return unknown(`its ${FILE} has ${file.size} bytes; at most ${CONFIG_MAX_BYTES} are read`);
    const at = `${file.inode} ${file.size} ${file.mtimeMs}`;
    if (known?.at === at) return known.found;
    const found = parsed((await files.read(FILE, 0, file.size)).toString('utf8'));
    known = { at, found };
    return found;
  }

  return { read };
}

export type RunConfig = ReturnType<typeof createRunConfig>;

function unknown(problem: string): RunSettings {
  return { settings: {}, problem };
}

function parsed(text: string): RunSettings {
  try {
    const found = settingsIn(text);
    return Object.keys(found.settings).length > 0
      ? { ...found, problem: null }
      : unknown(`its ${FILE} holds no settings`);
  } catch (error) {
    return unknown(`its ${FILE} is not YAML: ${errorText(error).split('\n')[0]!.replace(/:$/, '')}`);
  }
}
