import type { z } from 'zod';
import { code } from './markdown.ts';

/** A key of xaxbot.yaml, in Markdown. */
export interface Setting {
  /** `people.ID.role`, `channels[].id`. */
  key: string;
  type: string;
  /** What holds where it is not given. */
  otherwise: string;
  meaning: string;
}

/** What schemas say of themselves by `meta`: words for people, where the schema has none of its own. */
interface Told {
  description?: string;
  type?: string;
  otherwise?: string;
  /** What stands for a name that the team gives. */
  named?: string;
}

type Def = z.core.$ZodTypes['_zod']['def'];

/** Every key that a schema takes, in its order. Throws for one that does not say what it means. */
export function settingsOf(schema: z.core.$ZodType, key = ''): Setting[] {
  const { told, leaf, isRequired, byDefault } = unwrapped(schema);
  const { def } = leaf._zod as { def: Def };
  const below = (name: string) => (key === '' ? name : `${key}.${name}`);
  if (def.type === 'object')
    return Object.entries(def.shape).flatMap(([name, each]) => settingsOf(each, below(name)));
  if (def.type === 'record' && isObject(def.valueType))
    return settingsOf(def.valueType, below(told.named ?? 'NAME'));
  if (def.type === 'array' && isObject(def.element)) return settingsOf(def.element, `${key}[]`);
  if (told.description === undefined) throw new Error(`The schema does not say what ${key} means.`);
  const type = told.type ?? typeOf(leaf);
  const otherwise = told.otherwise ?? (isRequired ? 'required' : inCode(byDefault));
  return [{ key, type, otherwise, meaning: told.description }];
}

/** What is below defaults, options and transformations, and all that is said on the way. */
function unwrapped(schema: z.core.$ZodType) {
  let told: Told = {};
  let isRequired = true;
  let byDefault: unknown;
  for (let leaf = schema; ; ) {
    told = { ...(leaf as z.ZodType).meta(), ...told };
    const { def } = leaf._zod as { def: Def };
    if (def.type === 'optional' || def.type === 'default') isRequired = false;
    if (def.type === 'default') byDefault = def.defaultValue;
    if (def.type === 'optional' || def.type === 'default' || def.type === 'nullable') leaf = def.innerType;
    else if (def.type === 'pipe') leaf = def.in;
    else return { told, leaf, isRequired, byDefault };
  }
}

function isObject(schema: z.core.$ZodType): boolean {
  return (unwrapped(schema).leaf._zod as { def: Def }).def.type === 'object';
}

/** A value of a schema in words. */
function typeOf(schema: z.core.$ZodType): string {
  const { def } = schema._zod as { def: Def };
  switch (def.type) {
    case 'enum':
      return Object.values(def.entries).map(String).map(code).join(', ');
    case 'boolean':
      return '`true`, `false`';
    case 'number':
      return numberWords(schema as z.ZodNumber);
    case 'array':
      return `list of ${typeOf(unwrapped(def.element).leaf)}`;
    default:
      return 'text';
  }
}

function numberWords({ isInt, minValue, maxValue, def }: z.ZodNumber): string {
  const isAbove = def.checks?.some(
    ({ _zod: { def: check } }) => check.check === 'greater_than' && 'inclusive' in check && !check.inclusive,
  );
  const isBound = (value: number | null) => value !== null && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const words = isInt ? 'whole number' : 'number';
  if (isBound(minValue) && isBound(maxValue) && !isAbove) return `${words}, ${minValue} to ${maxValue}`;
  const bounds = [
    ...(isBound(minValue) ? [`${isAbove ? 'more than' : 'at least'} ${minValue}`] : []),
    ...(isBound(maxValue) ? [`at most ${maxValue}`] : []),
  ];
  return [words, ...bounds].join(', ');
}

function inCode(value: unknown): string {
  if (value === undefined) return 'none';
  return code(typeof value === 'string' ? value : JSON.stringify(value));
}
