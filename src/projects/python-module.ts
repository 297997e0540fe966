import { type Statement, statementsOf, type Token } from './python-tokens.ts';

/** What a name of a module is imported from; `level`: how many points stand before the module. */
export interface Import {
  module: string;
  level: number;
  /** Of `from module import name`; absent: the name is the module itself. */
  name?: string;
}

/** A class that another one is derived from: `xax.Task[Config]`, its name and what stands in the brackets. */
export interface Base {
  path: string;
  of: string[];
}

/** `name: annotation = value` in a class. */
export interface Field {
  name: string;
  annotation: readonly Token[];
  /** undefined: it has none. */
  value: readonly Token[] | undefined;
}

export interface PythonClass {
  name: string;
  bases: Base[];
  isDataclass: boolean;
  fields: Field[];
  /** `NAME = value` in it, as an enumeration has its members. */
  members: string[];
}

/** What a module says, as far as it matters for what can be launched. */
export interface PythonModule {
  doc: string | undefined;
  imports: ReadonlyMap<string, Import>;
  /** Of `from module import *`. */
  wholes: readonly Import[];
  classes: ReadonlyMap<string, PythonClass>;
  /** `NAME = value` outside of everything. */
  constants: ReadonlyMap<string, readonly Token[]>;
  /** Top-level functions. */
  functions: ReadonlyMap<string, readonly Statement[]>;
  /** What is done when it is run and not imported: below `if __name__ == "__main__":`. */
  main: readonly Statement[] | undefined;
}

/** Reads the source of a module; nothing of it is run. */
export function readModule(source: string): PythonModule {
  const imports = new Map<string, Import>();
  const wholes: Import[] = [];
  const classes = new Map<string, PythonClass>();
  const constants = new Map<string, readonly Token[]>();
  const functions = new Map<string, readonly Statement[]>();
  const blocks = blocksOf(statementsOf(source));
  let main: Statement[] | undefined;
  let decorators: Token[] = [];
  for (const { head, body } of blocks) {
    const [first, second] = head;
    const word = first?.source === 'async' ? second?.source : first?.source;
    if (first?.source === '@') {
      decorators.push(...head);
      continue;
    }
    if (word === 'import' || word === 'from') addImports(head, imports, wholes);
    else if (word === 'class') {
      const made = classOf(head, body, decorators);
      if (made) classes.set(made.name, made);
    } else if (word === 'def') {
      const name = head[first?.source === 'async' ? 2 : 1];
      if (name?.kind === 'name') functions.set(name.source, body);
    } else if (word === 'if' && isMainGuard(head)) main = [...(main ?? []), ...body];
    // What only type checkers import may be named all the same; of what is tried, each branch is looked at.
    else if (['if', 'try', 'else', 'except', 'elif'].includes(word ?? ''))
      for (const { tokens } of body)
        if (['import', 'from'].includes(tokens[0]?.source ?? '')) addImports(tokens, imports, wholes);
    const assigned = assignmentOf(head);
    if (assigned?.value) constants.set(assigned.name, assigned.value);
    decorators = [];
  }
  const doc = blocks[0]?.head[0];
  return {
    doc: doc?.kind === 'text' ? doc.value : undefined,
    imports,
    wholes,
    classes,
    constants,
    functions,
    main,
  };
}

interface Block {
  head: Token[];
  /** The statements below it, and what stands on its own line after the colon. */
  body: Statement[];
}

/** Statements with what is further from the margin below each. */
function blocksOf(statements: readonly Statement[]): Block[] {
  const blocks: Block[] = [];
  const margin = statements[0]?.indent ?? 0;
  for (const statement of statements) {
    const last = blocks.at(-1);
    if (last && statement.indent > margin) last.body.push(statement);
    else {
      const [head, inline] = atColon(statement.tokens);
      blocks.push({ head, body: inline.length > 0 ? [{ indent: 1, tokens: inline }] : [] });
    }
  }
  return blocks;
}

/** A compound statement up to its colon, and what stands after it on the same line; of any other all of it. */
function atColon(tokens: Token[]): [Token[], Token[]] {
  if (!['class', 'def', 'if', 'async', 'try', 'else', 'elif', 'except'].includes(tokens[0]?.source ?? ''))
    return [tokens, []];
  let depth = 0;
  for (const [index, { kind, source }] of tokens.entries()) {
    if (kind !== 'mark') continue;
    if ('([{'.includes(source)) depth += 1;
    if (')]}'.includes(source)) depth -= 1;
    if (source === ':' && depth === 0) return [tokens.slice(0, index), tokens.slice(index + 1)];
  }
  return [tokens, []];
}

/** `__name__ == "__main__"`, whichever way round. */
function isMainGuard(head: readonly Token[]): boolean {
  return head.some(({ source }) => source === '__name__') && head.some(({ value }) => value === '__main__');
}

function addImports(tokens: readonly Token[], imports: Map<string, Import>, wholes: Import[]): void {
  if (tokens[0]!.source === 'import') {
    for (const part of split(tokens.slice(1))) {
      const [names, alias] = withAlias(part);
      const module = pathOf(names);
      if (module === '') continue;
      // `import a.b` gives the name `a`.
      if (alias === undefined) {
        const top = module.split('.')[0]!;
        imports.set(top, { module: top, level: 0 });
      } else imports.set(alias, { module, level: 0 });
    }
    return;
  }
  const at = tokens.findIndex(({ source }) => source === 'import');
  if (at < 0) return;
  const from = tokens.slice(1, at);
  const named = from.findIndex(({ kind }) => kind === 'name');
  const level = named < 0 ? from.length : named;
  const module = named < 0 ? '' : pathOf(from.slice(named));
  const names = tokens.slice(at + 1).filter(({ source }) => source !== '(' && source !== ')');
  for (const part of split(names)) {
    const [[name], alias] = withAlias(part);
    if (name?.source === '*') wholes.push({ module, level });
    else if (name) imports.set(alias ?? name.source, { module, level, name: name.source });
  }
}

function withAlias(tokens: readonly Token[]): [names: readonly Token[], alias: string | undefined] {
  const at = tokens.findIndex(({ source }) => source === 'as');
  return at < 0 ? [tokens, undefined] : [tokens.slice(0, at), tokens[at + 1]?.source];
}

function classOf(
  head: readonly Token[],
  body: readonly Statement[],
  decorators: readonly Token[],
): PythonClass | undefined {
  const name = head[1];
  if (name?.kind !== 'name') return undefined;
  const open = head.findIndex(({ source }) => source === '(');
  const bases = open < 0 ? [] : split(head.slice(open + 1, head.length - 1)).map(baseOf);
  const margin = body[0]?.indent;
  const own = body.filter(({ indent }) => indent === margin).map(({ tokens }) => tokens);
  const assigned = own.flatMap((tokens) => assignmentOf(tokens) ?? []);
  return {
    name: name.source,
    bases: bases.filter(({ path }) => path !== ''),
    isDataclass: decorators.some(({ source }) => /dataclass/.test(source)),
    fields: assigned.flatMap((each) => (each.annotation ? [{ ...each, annotation: each.annotation }] : [])),
    members: assigned.filter(({ annotation, value }) => !annotation && value).map((each) => each.name),
  };
}

function baseOf(tokens: readonly Token[]): Base {
  const open = tokens.findIndex(({ source }) => source === '[');
  if (open < 0) return { path: tokens.some(({ source }) => source === '=') ? '' : pathOf(tokens), of: [] };
  const of = split(tokens.slice(open + 1, tokens.length - 1)).map(pathOf);
  return { path: pathOf(tokens.slice(0, open)), of: of.filter((each) => each !== '') };
}

/** `name: annotation = value` and `name = value`, with either part missing; undefined: it is something else. */
function assignmentOf(
  tokens: readonly Token[],
): { name: string; annotation: Token[] | undefined; value: Token[] | undefined } | undefined {
  const [name, mark, next] = tokens;
  if (name?.kind !== 'name') return undefined;
  if (mark?.source === '=' && next?.source !== '=')
    return { name: name.source, annotation: undefined, value: tokens.slice(2) };
  if (mark?.source !== ':') return undefined;
  const equals = tokens.findIndex(({ source }) => source === '=');
  return {
    name: name.source,
    annotation: tokens.slice(2, equals < 0 ? undefined : equals),
    value: equals < 0 ? undefined : tokens.slice(equals + 1),
  };
}

/** `a.b.c`; empty where the tokens are anything else. */
export function pathOf(tokens: readonly Token[]): string {
  const isPath = tokens.every(({ kind, source }, index) =>
    index % 2 === 0 ? kind === 'name' : source === '.',
  );
  return isPath && tokens.length % 2 === 1 ? tokens.map(({ source }) => source).join('') : '';
}

/** What stands between commas, outside of brackets. */
export function split(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'mark' && '([{'.includes(token.source)) depth += 1;
    if (token.kind === 'mark' && ')]}'.includes(token.source)) depth -= 1;
    if (token.source === ',' && token.kind === 'mark' && depth === 0) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

/** What stands in the brackets that open at an index, and the index after them. */
export function within(tokens: readonly Token[], open: number): { inside: Token[]; end: number } {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    const { kind, source } = tokens[at]!;
    if (kind !== 'mark') continue;
    if ('([{'.includes(source)) depth += 1;
    if (')]}'.includes(source)) depth -= 1;
    if (depth === 0) return { inside: tokens.slice(open + 1, at), end: at + 1 };
  }
  return { inside: tokens.slice(open + 1), end: tokens.length };
}
