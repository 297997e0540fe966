import { parse } from 'yaml';
import type { RunFiles } from '../core/queue.ts';

/** A config.yaml larger than this is not read. */
const CONFIG_MAX_BYTES = 1 << 20;

/** A run's resolved settings, read again only when the file has changed: a run's first moments may show half of it. */
export function createRunConfig(files: RunFiles) {
  let known: { at: string; settings: Readonly<Record<string, string>> } | null = null;
  return {
    /** The settings as `a.b.c` -> text; empty when config.yaml is missing, broken, too large or no mapping. */
    async read(): Promise<Readonly<Record<string, string>>> {
      const found = await files.stat('config.yaml');
      if (!found || found.size > CONFIG_MAX_BYTES) return {};
      const at = `${found.inode} ${found.size} ${found.mtimeMs}`;
      if (known?.at === at) return known.settings;
      const settings = parsed((await files.read('config.yaml', 0, found.size)).toString('utf8'));
      known = { at, settings };
      return settings;
    },
  };
}

export type RunConfig = ReturnType<typeof createRunConfig>;

function parsed(text: string): Record<string, string> {
  try {
    return flatten(parse(text, { maxAliasCount: 100, logLevel: 'error' }));
  } catch {
    return {};
  }
}

function flatten(value: unknown, prefix = '', into: Record<string, string> = {}): Record<string, string> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value))
      flatten(inner, prefix === '' ? key : `${prefix}.${key}`, into);
  } else if (prefix !== '') {
    into[prefix] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return into;
}
