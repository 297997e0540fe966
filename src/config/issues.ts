import type { z } from 'zod';
import { clip } from '../core/clip.ts';
import { nearest } from '../core/nearest.ts';
import type { Path } from './yaml-file.ts';

/** What the types of a schema are called by people who write YAML. */
const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values',
  record: 'keys with values',
};

/** What is wrong with a value and what is accepted, for zod's own checks; schemas with words of their own keep them. */
export const issueWords: z.core.$ZodErrorMap = (issue) => {
  const accepted = acceptedBy(issue);
  if (accepted === undefined) return issue.input === undefined ? 'is missing' : undefined;
  if (issue.input === undefined) return `is missing; accepted: ${accepted}`;
  return `is ${shown(issue.input)}; accepted: ${accepted}`;
};

function acceptedBy(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const quotes = issue.expected === 'string' && ['number', 'boolean'].includes(typeof issue.input);
      const type = TYPES[issue.expected];
      return type && `${type}${quotes ? ', in quotes' : ''}`;
    }
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'number' ? `${issue.minimum} or more` : 'something that is not empty';
    case 'too_big':
      return issue.origin === 'number' ? `${issue.maximum} or less` : `at most ${issue.maximum}`;
    default:
      return undefined;
  }
}

function shown(value: unknown): string {
  if (value === null || value === '') return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'empty' : 'a list';
  if (typeof value === 'object') return 'keys with values';
  const text = String(value);
  return `"${clip(text, 60)}"`;
}

/** An issue as paths and what is wrong there: one for each unknown key. */
export function tellIssue(schema: z.core.$ZodType, issue: z.core.$ZodIssue): { path: Path; what: string }[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'invalid_key') {
    const [wrong] = issue.issues;
    const ownWords = wrong?.code === 'custom';
    return [{ path, what: ownWords ? wrong.message : `is not a valid name; accepted: ${wrong?.message}` }];
  }
  if (issue.code !== 'unrecognized_keys') return [{ path, what: issue.message }];
  const known = keysAt(schema, path);
  return issue.keys.map((key) => {
    const [close] = nearest(key, known, 1);
    const hint = close === undefined ? '' : `; did you mean ${close}?`;
    return { path: [...path, key], what: `no such key${hint} Accepted: ${known.join(', ')}` };
  });
}

/** The keys that a schema accepts at a place of the file; none where it takes any. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const [part, ...rest] = path;
  const { def } = inner(schema)._zod as { def: z.core.$ZodTypes['_zod']['def'] };
  switch (def.type) {
    case 'object':
      if (part === undefined) return Object.keys(def.shape);
      return Object.hasOwn(def.shape, part) ? keysAt(def.shape[part]!, rest) : [];
    case 'record':
      return part === undefined ? [] : keysAt(def.valueType, rest);
    case 'array':
      return part === undefined ? [] : keysAt(def.element, rest);
    default:
      return [];
  }
}

/** The schema of what is written, below defaults, options and transformations. */
function inner(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod as { def: z.core.$ZodTypes['_zod']['def'] };
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'nullable':
      return inner(def.innerType);
    case 'pipe':
      return inner(def.in);
    default:
      return schema;
  }
}
