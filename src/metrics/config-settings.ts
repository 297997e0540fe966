import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';
import { isSecretName } from '../core/secret-names.ts';
import { MASK } from '../core/secrets.ts';
import { canonicalNumber, plainKind } from '../core/yaml-scalar.ts';

/** More than this, values and their characters, comes of aliases within aliases, not of what the file holds. */
const SIZE_MAX = 250_000;

/** A value in two spellings. */
export interface Spelt {
  /** As the file writes it: `1.0e-05`; of a text that stands in quotes, its content. */
  shown: string;
  /** One spelling for what is equal, and different ones for what is not: `"1"` of the text, `1` of the number. */
  same: string;
}

/**
 * The settings of a `config.yaml` as PyYAML wrote it, flattened to `a.b.c`: each scalar by its source text, since YAML 1.2
 * would take the texts `1e-3` and `0o17` for numbers, and round whole numbers above 2^53. A list is one value.
 * Throws on what is no YAML.
 */
export function settingsIn(text: string): {
  settings: Record<string, string>;
  values: Record<string, string>;
} {
  // Of this schema every scalar is a text.
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'error', uniqueKeys: false });
  if (document.errors.length > 0) throw document.errors[0];
  const meant = aliasesOf(document);
  const found = new Map<string, Spelt>();
  let left = SIZE_MAX;

  function flatten(given: unknown, prefix: string): void {
    const node = take(given);
    if (!isMap(node)) {
      if (prefix !== '') found.set(prefix, isSeq(node) ? nested(node) : spelt(node));
      return;
    }
    for (const { key, value } of node.items) {
      const name = keyText(key);
      flatten(value, prefix === '' ? name : `${prefix}.${name}`);
    }
  }

  /** As JSON, but for numbers, which stand as they were written; what the name of a secret holds is hidden here. */
  function nested(given: unknown, name = ''): Spelt {
    const node = take(given);
    if (isSeq(node)) return joined('[', ']', node.items, (item) => nested(item, name));
    if (isMap(node))
      return joined('{', '}', node.items, ({ key, value }) => {
        const inner = nested(value, keyText(key));
        const start = `${JSON.stringify(keyText(key))}:`;
        return { shown: `${start}${inner.shown}`, same: `${start}${inner.same}` };
      });
    const isSecret = isSecretName(name) && kindOf(node) !== 'null';
    if (!isSecret && kindOf(node) !== 'text') return spelt(node);
    const quoted = JSON.stringify(isSecret ? MASK : contentOf(node));
    return { shown: quoted, same: quoted };
  }

  function take(given: unknown): unknown {
    const node = isAlias(given) ? meant.get(given) : given;
    left -= 1 + contentOf(node).length;
    if (left < 0) throw new Error('its aliases make it too large');
    return node;
  }

  flatten(document.contents, '');
  const all = (which: keyof Spelt) => Object.fromEntries([...found].map(([key, each]) => [key, each[which]]));
  return { settings: all('shown'), values: all('same') };
}

/** What each alias stands for: the last node before it that has its name. Found in one walk; the parser's own search is one for each. */
function aliasesOf(document: Document): Map<Alias, Node> {
  const named = new Map<string, Node>();
  const meant = new Map<Alias, Node>();
  visit(document, {
    Node(_key, node) {
      if (!isAlias(node)) {
        if ('anchor' in node && node.anchor) named.set(node.anchor, node);
        return;
      }
      const target = named.get(node.source);
      if (target) meant.set(node, target);
    },
  });
  return meant;
}

function joined<T>(open: string, close: string, items: readonly T[], of: (item: T) => Spelt): Spelt {
  const parts = items.map(of);
  const all = (which: keyof Spelt) => `${open}${parts.map((part) => part[which]).join(',')}${close}`;
  return { shown: all('shown'), same: all('same') };
}

/** A key's text. PyYAML refuses a list or a map as a key ("unhashable"), and one within another takes for ever to be written out. */
function keyText(key: unknown): string {
  if (isMap(key) || isSeq(key)) throw new Error('a key of it is a list or a map');
  return isScalar(key) ? contentOf(key) : isAlias(key) ? `*${key.source}` : '';
}

function contentOf(node: unknown): string {
  if (!isScalar(node)) return '';
  return typeof node.value === 'string' ? node.value : ((node as Scalar & Node).source ?? '');
}

/** What PyYAML takes it for: whatever stands in quotes is a text. */
function kindOf(node: unknown): ReturnType<typeof plainKind> {
  return isScalar(node) && node.type !== 'PLAIN' ? 'text' : plainKind(contentOf(node));
}

function spelt(node: unknown): Spelt {
  return spell(contentOf(node), kindOf(node));
}

/** A scalar of this kind by its text. */
export function spell(text: string, kind: ReturnType<typeof plainKind>): Spelt {
  switch (kind) {
    case 'null':
      return { shown: 'null', same: 'null' };
    case 'boolean':
      return { shown: text, same: String(/^(true|yes|on)$/i.test(text)) };
    case 'number':
      return { shown: text, same: canonicalNumber(text) ?? text.toLowerCase() };
    case 'text':
      return { shown: text, same: isMistakable(text) ? JSON.stringify(text) : text };
    default:
      return { shown: text, same: text };
  }
}

/** Whether a text is spelt as something that is no text, or as one that has been put in quotes here. */
function isMistakable(text: string): boolean {
  if (text === '') return false;
  return plainKind(text) !== 'text' || canonicalNumber(text) !== null || /^["[{]/.test(text);
}
