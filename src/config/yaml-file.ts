import { readFileSync, statSync } from 'node:fs';
import {
  type Document,
  isAlias,
  isMap,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { BotError, errorText } from '../core/errors.ts';
import { yamlWords } from './yaml-words.ts';

/** Far above what a team writes; a larger file is not settings, and would be held in memory several times. */
const MAX_BYTES = 1_048_576;

export type Path = readonly (string | number)[];

export interface YamlFile {
  document: Document;
  lines: LineCounter;
  /** What the file says, with every scalar as YAML 1.2 reads it. */
  values: unknown;
  /** The same with every scalar as the text that was written: `1e-3`, not 0.001. */
  written: unknown;
}

/**
 * Reads a YAML file of UTF-8, with or without a byte order mark. Error `config` when it cannot be read; a list of
 * problems, each with its line, when it is no YAML.
 */
export function readYamlFile(path: string): YamlFile | string[] {
  const text = readText(path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true });
  // What is missing at the end is missing in the last line with anything in it.
  const end = text.trimEnd().length;
  const lineOf = ({ pos }: YAMLError) => lines.linePos(Math.min(pos[0], end)).line;
  // Of a line the first counts: it makes the others.
  const broken = [...Map.groupBy([...document.errors, ...document.warnings], lineOf)].map(
    ([line, [first]]) => `line ${line}: ${yamlWords(first!)}`,
  );
  const found = [...broken, ...unusable(document, lines)];
  if (found.length > 0) return found;
  try {
    const values: unknown = document.toJS();
    return {
      document,
      lines,
      values,
      written: parseDocument(text, { schema: 'failsafe', stringKeys: true }).toJS(),
    };
  } catch (error) {
    return [errorText(error).split('\n')[0]!];
  }
}

/** `line 12, presets.toy.options`. The line of the nearest part of the path that the file has. */
export function where(path: Path, document: Document, lines: LineCounter): string {
  const name = path.join('.') || 'the file';
  let node: unknown = document.contents;
  let start: number | undefined;
  for (const part of path) {
    const holder = isAlias(node) ? node.resolve(document) : node;
    const pair = isMap(holder) ? holder.items.find(({ key }) => String(key) === String(part)) : undefined;
    node = pair?.value ?? (isSeq(holder) ? holder.items[Number(part)] : undefined);
    const found = startOf(pair?.key) ?? startOf(node);
    if (found === undefined) break;
    start = found;
  }
  return start === undefined ? name : `line ${lines.linePos(start).line}, ${name}`;
}

function startOf(node: unknown): number | undefined {
  return (node as { range?: [number, number, number] | null } | null | undefined)?.range?.[0];
}

function readText(path: string): string {
  const refused = (why: string) =>
    new BotError(
      'config',
      `${path} cannot be read: ${why}.`,
      '--config or XAXBOT_CONFIG names it; leave that out to run without one.',
    );
  let bytes: Buffer;
  try {
    const found = statSync(path);
    if (!found.isFile()) throw new Error(found.isDirectory() ? 'it is a folder' : 'it is not a file');
    if (found.size > MAX_BYTES)
      throw new Error(`it has ${found.size} bytes; at most ${MAX_BYTES} are accepted`);
    bytes = readFileSync(path);
  } catch (error) {
    throw refused(errorText(error));
  }
  // UTF-16 is full of zero bytes, and decodes as UTF-8.
  if (bytes.includes(0)) throw refused('it is not UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refused('it is not UTF-8');
  }
}

/** What the parser lets pass: an alias of nothing, and a key that means the prototype of an object in JavaScript. */
function unusable(document: Document, lines: LineCounter): string[] {
  const found: string[] = [];
  const tell = (node: Node, what: string) => {
    found.push(`line ${lines.linePos(startOf(node) ?? 0).line}: ${what}`);
  };
  visit(document, {
    Alias(_key, node) {
      if (!node.resolve(document))
        tell(node, `*${node.source} is given, but nothing above is named &${node.source}`);
    },
    Scalar(key, node) {
      if (key === 'key' && node.value === '__proto__') tell(node, '__proto__ cannot be a key');
    },
  });
  return found;
}
