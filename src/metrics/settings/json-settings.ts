import { isSecretName } from '../../core/secret-names.ts';
import { MASK } from '../../core/secrets.ts';
import { atOnce, type Slices } from '../../core/slices.ts';
import { type Spelt, spell } from '../config-settings.ts';
import { eachPiece, OPEN_BRACE } from '../sources/json-pieces.ts';

/** Names within names; what lies deeper is one value. */
const DEPTH_MAX = 8;
const SETTINGS_MAX = 5_000;

/** The settings of a JSON document by `a.b.c`, each as it is written there; a list is one value. Throws SyntaxError on what is no JSON object. */
export function settingsInJson(text: string): {
  settings: Record<string, string>;
  values: Record<string, string>;
} {
  const found = new Map<string, Spelt>();
  const json = Buffer.from(text);
  atOnce(flatten(json.length - Buffer.byteLength(text.trimStart()), '', 1));
  const all = (which: keyof Spelt) => Object.fromEntries([...found].map(([key, each]) => [key, each[which]]));
  return { settings: all('shown'), values: all('same') };

  function* flatten(at: number, prefix: string, depth: number): Slices<void> {
    if (json[at] !== OPEN_BRACE) throw new SyntaxError('no JSON object');
    yield* eachPiece(json, at, (key, from, to) => member(`${prefix}${key}`, from, to, depth));
  }

  function member(name: string, from: number, to: number, depth: number): Slices<void> | void {
    if (json[from] === OPEN_BRACE && to - from > 2 && depth < DEPTH_MAX)
      return flatten(from, `${name}.`, depth + 1);
    if (found.size < SETTINGS_MAX) found.set(name, speltJson(json.toString('utf8', from, to), name));
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
