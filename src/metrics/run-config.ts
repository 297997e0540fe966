import { parse } from 'yaml';
import { errorText } from '../core/errors.ts';
import type { RunSettings } from '../core/metrics.ts';
import type { RunFiles } from '../core/queue.ts';
import { isSecretName } from '../core/secret-names.ts';
import { MASK } from '../core/secrets.ts';

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
    const value: unknown = parse(text, { maxAliasCount: 100, logLevel: 'error', uniqueKeys: false });
    const settings = flatten(value);
    return Object.keys(settings).length > 0
      ? { settings, problem: null }
      : unknown(`its ${FILE} holds no settings`);
  } catch (error) {
    return unknown(`its ${FILE} is not YAML: ${errorText(error).split('\n')[0]!.replace(/:$/, '')}`);
  }
}

function flatten(value: unknown, prefix = '', into: Record<string, string> = {}): Record<string, string> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value))
      flatten(inner, prefix === '' ? key : `${prefix}.${key}`, into);
  } else if (prefix !== '') {
    into[prefix] = typeof value === 'string' ? value : valueText(value);
  }
  return into;
}

/** Lists as JSON; a secret within one is hidden by its name, as everywhere. */
function valueText(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return JSON.stringify(value, (key, each: unknown) =>
    typeof each === 'string' && isSecretName(key) ? MASK : each,
  );
}
