import { isSecretName } from '../../core/secret-names.ts';
import { MASK } from '../../core/secrets.ts';
import { atOnce, type Slices } from '../../core/slices.ts';
import { type Spelt, spell } from '../config-settings.ts';
import { eachPiece } from '../sources/json-pieces.ts';

/** Names within names; what lies deeper is one value. */
const DEPTH_MAX = 8;
const SETTINGS_MAX = 5_000;

/** The settings of a JSON document by `a.b.c`, each as it is written there; a list is one value. Throws SyntaxError on what is no JSON object. */
export function settingsInJson(text: string): {
  settings: Record<string, string>;
  values: Record<string, string>;
} {
  const found = new Map<string, Spelt>();
  atOnce(flatten(text, text.search(/\S/), '', 1));
  const all = (which: keyof Spelt) => Object.fromEntries([...found].map(([key, each]) => [key, each[which]]));
  return { settings: all('shown'), values: all('same') };

  function* flatten(within: string, at: number, prefix: string, depth: number): Slices<void> {
    if (within[at] !== '{') throw new SyntaxError('no JSON object');
    yield* eachPiece(within, at, (key, from, to) => member(within, `${prefix}${key}`, from, to, depth));
  }

  function member(
    within: string,
    name: string,
    from: number,
    to: number,
    depth: number,
  ): Slices<void> | void {
    if (within[from] === '{' && to - from > 2 && depth < DEPTH_MAX)
      return flatten(within, from, `${name}.`, depth + 1);
    if (found.size < SETTINGS_MAX) found.set(name, speltJson(within.slice(from, to), name));
  }
}

function speltJson(text: string, name: string): Spelt {
  const isNull = text === 'null';
  if (isSecretName(name) && !isNull) return { shown: MASK, same: MASK };
  if (text.startsWith('"')) return spell(JSON.parse(text) as string, 'text');
  if (isNull) return spell(text, 'null');
  if (text === 'true' || text === 'false') return spell(text, 'boolean');
  const isNested = text.startsWith('[') || text.startsWith('{');
  const one = isNested ? JSON.stringify(JSON.parse(text)) : text;
  return isNested ? { shown: one, same: one } : spell(text, 'number');
}
