import { basename } from 'node:path';
import { type PythonClass, pathOf, split, within } from './python-module.ts';
import type { Located, Sources } from './python-sources.ts';
import type { Statement, Token } from './python-tokens.ts';

/** The package whose tasks are launched. */
const PACKAGE = 'xax';
const METHOD = 'launch';
/** As many functions are followed from where a program begins to where it launches. */
const CALLS_MAX = 200;
/** A class and the module that it stands in. */
export interface Found {
  at: Located;
  found: PythonClass;
}

/** `Task.launch(Config(batch_size=256))`. */
export interface Launch {
  task: Found;
  /** What its settings are declared in; undefined where that cannot be told. */
  config: Found | undefined;
  /** What it sets itself, by name; undefined where that cannot be told. */
  given: ReadonlyMap<string, readonly Token[]> | undefined;
  /** Where it stands. */
  at: Located;
}

/** What a module launches when it is run: the first of xax's tasks, at whatever function that is reached. */
export function launchOf(at: Located, sources: Sources): Launch | undefined {
  const { module, path } = at;
  // A package's own is run whole.
  const begun = module.main ?? (basename(path) === '__main__.py' ? undefined : []);
  const seen = new Set<string>();
  const open: { at: Located; body: readonly Statement[] }[] = [{ at, body: begun ?? topLevel(at, sources) }];
  for (let next = open.shift(); next; next = open.shift()) {
    for (const { tokens } of next.body) {
      const launch = launchIn(tokens, next.at, sources);
      if (launch) return launch;
      for (const called of calledIn(tokens)) {
        const meaning = sources.meaningIn(next.at, called);
        if (!meaning || !('at' in meaning)) continue;
        const body = meaning.at.module.functions.get(meaning.name);
        const key = `${meaning.at.path} ${meaning.name}`;
        if (!body || seen.has(key) || seen.size > CALLS_MAX) continue;
        seen.add(key);
        open.push({ at: meaning.at, body });
      }
    }
  }
  return undefined;
}

/** What stands at the margin of a module. */
function topLevel({ path }: Located, sources: Sources): Statement[] {
  return sources.statements(path).filter(({ indent }) => indent === 0);
}

function launchIn(tokens: readonly Token[], at: Located, sources: Sources): Launch | undefined {
  for (const [index, { source }] of tokens.entries()) {
    if (source !== METHOD || tokens[index - 1]?.source !== '.' || tokens[index + 1]?.source !== '(') continue;
    const task = sources.classIn(at, pathBefore(tokens, index - 1));
    if (!task || !isTask(task, sources)) continue;
    const parts = split(within(tokens, index + 1).inside);
    // Whatever it is told on its command line, it is not queued: it would run where it is started.
    if (parts.some(isFixed)) continue;
    const [first, ...others] = parts;
    const call = first && callIn(first);
    const config = call && sources.classIn(at, call.path);
    const isOne = others.every((part) => part[1]?.source === '=');
    return {
      task,
      config: config ?? configOf(task, sources),
      given: first === undefined ? new Map() : call && isOne ? keywordsIn(call.inside) : undefined,
      at,
    };
  }
  return undefined;
}

/** `launcher=…` and `use_cli=False`: how it is launched is not left to the command line. */
function isFixed([name, equals, value]: readonly Token[]): boolean {
  if (equals?.source !== '=') return false;
  return (
    (name?.source === 'launcher' && value?.source !== 'None') ||
    (name?.source === 'use_cli' && value?.source !== 'True')
  );
}

/** The names that are called in a statement. */
function calledIn(tokens: readonly Token[]): string[] {
  return tokens.flatMap(({ kind }, index) => {
    const next = tokens[index + 1]?.source;
    return kind === 'name' && next === '(' ? [pathBefore(tokens, index + 1)] : [];
  });
}

/** `a.b` that ends before an index. */
function pathBefore(tokens: readonly Token[], end: number): string {
  let from = end;
  while (tokens[from - 1]?.kind === 'name') from -= tokens[from - 2]?.source === '.' ? 2 : 1;
  return pathOf(tokens.slice(Math.max(0, from), end));
}

/** `name(…)` as a whole. */
function callIn(tokens: readonly Token[]): { path: string; inside: Token[] } | undefined {
  const open = tokens.findIndex(({ source }) => source === '(');
  const path = open < 0 ? '' : pathOf(tokens.slice(0, open));
  if (path === '') return undefined;
  const { inside, end } = within(tokens, open);
  return end === tokens.length ? { path, inside } : undefined;
}

/** What is given by name; undefined where something is given otherwise, `**settings` or by its place. */
function keywordsIn(tokens: readonly Token[]): Map<string, Token[]> | undefined {
  const parts = split(tokens);
  if (parts.some(([name, equals]) => name?.kind !== 'name' || equals?.source !== '=')) return undefined;
  return new Map(parts.map(([name, , ...value]) => [name!.source, value]));
}

/** Whether a class is derived from one of xax. */
export function isTask(task: Found, sources: Sources): boolean {
  return lineOf(task, sources).some(({ at, found }) =>
    found.bases.some(({ path }) => {
      const meaning = sources.meaningIn(at, path);
      return meaning && 'elsewhere' in meaning && `${meaning.elsewhere}.`.startsWith(`${PACKAGE}.`);
    }),
  );
}

/** What a task's settings are declared in: what stands in the brackets of a class that it is derived from. */
function configOf(task: Found, sources: Sources): Found | undefined {
  const named = lineOf(task, sources).flatMap(({ at, found }) =>
    found.bases.flatMap(({ of }) => of.flatMap((path) => sources.classIn(at, path) ?? [])),
  );
  return named.find(({ found }) => found.isDataclass);
}

/** A class and those of the project that it is derived from, the nearest first, each once. */
export function lineOf(begun: Found, sources: Sources): Found[] {
  const line = new Map<PythonClass, Found>();
  for (const open = [begun]; open.length > 0; ) {
    const next = open.shift()!;
    if (line.has(next.found)) continue;
    line.set(next.found, next);
    open.push(...next.found.bases.flatMap(({ path }) => sources.classIn(next.at, path) ?? []));
  }
  return [...line.values()];
}
