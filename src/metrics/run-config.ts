import { parse } from 'yaml';
import type { RunFiles } from '../core/queue.ts';

/** A config.yaml larger than this is not read. */
const CONFIG_MAX_BYTES = 1 << 20;

/** The run's resolved settings as `a.b.c` -> text; empty when config.yaml is missing, broken or no mapping. */
export async function readRunConfig(files: RunFiles): Promise<Record<string, string>> {
  const found = await files.stat('config.yaml');
  if (!found || found.size > CONFIG_MAX_BYTES) return {};
  const text = (await files.read('config.yaml', 0, found.size)).toString('utf8');
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
