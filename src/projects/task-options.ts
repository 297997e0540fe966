import { clip } from '../core/clip.ts';
import type { PresetOption } from '../core/preset.ts';
import { isSecretName } from '../core/secret-names.ts';
import { checkOption } from '../launch/check.ts';
import { refusedKey, refusedValue } from '../queue/assignments.ts';
import { type Found, type Launch, lineOf } from './launches.ts';
import { type Field, pathOf, split, within } from './python-module.ts';
import type { Located, Sources } from './python-sources.ts';
import { statementsOf, type Token } from './python-tokens.ts';
import { pythonValue, type Value } from './python-values.ts';

type Type = Pick<PresetOption, 'type' | 'choices'>;

const TYPES: Readonly<Record<string, Type['type']>> = {
  int: 'integer',
  float: 'number',
  bool: 'boolean',
  str: 'text',
  Path: 'text',
};
/** What stands around a type without changing what is passed on. */
const AROUND = ['Optional', 'Annotated', 'Final'];
const ENUMERATIONS = /(^|\.)(Enum|StrEnum|IntEnum)$/;
const DESCRIPTION_MAX = 200;
/** Types stand in one another at most so deep. */
const NESTED_MAX = 16;
/** Settings of xax's own classes that are worth changing from one run to the next (TrainConfig, DataloadersConfig of 0.4.9). */
const OF_XAX = ['max_steps', 'batch_size'];

/** What a run can be given: the settings that its config class declares, as far as they are single values. */
export function optionsOf(launch: Launch, sources: Sources): Record<string, PresetOption> {
  const fields = launch.config
    ? fieldsOf(launch.config, sources)
    : new Map<string, Located & { field: Field }>();
  const options = [...fields].flatMap(([name, at]): [string, PresetOption][] => {
    const type = refusedKey(name) ? undefined : typeOf(at.field.annotation, at, sources);
    if (!type) return [];
    const { value, help } = partsOf(at.field.value);
    const option: PresetOption = { ...type, description: clip(help ?? '', DESCRIPTION_MAX) };
    const written = defaultOf(name, option, launch, value && pythonValue(value, at.module.constants));
    return [[name, written === undefined ? option : { ...option, default: written }]];
  });
  return Object.fromEntries(options);
}

/** Keys beyond the declared ones that are as good as declared: what the launch sets itself, and the usual ones of xax. */
export function extrasOf({ given }: Launch, options: Readonly<Record<string, unknown>>): string[] {
  const keys = [...OF_XAX, ...(given?.keys() ?? [])];
  return [...new Set(keys)].filter((key) => !Object.hasOwn(options, key) && !refusedKey(key)).sort();
}

/** The fields that a class has, those of the project's classes that it is derived from first. */
function fieldsOf(config: Found, sources: Sources): Map<string, Located & { field: Field }> {
  const line = lineOf(config, sources).filter(({ found }) => found.isDataclass);
  return new Map(
    line
      .toReversed()
      .flatMap(({ at, found }) => found.fields.map((field) => [field.name, { ...at, field }] as const)),
  );
}

/** What may be passed on for an annotation; undefined where it is no single value. */
function typeOf(annotation: readonly Token[], at: Located, sources: Sources, depth = 0): Type | undefined {
  const [first] = annotation;
  if (!first || depth > NESTED_MAX) return undefined;
  if (annotation.length === 1 && first.value !== undefined)
    return typeOf(statementsOf(first.value)[0]?.tokens ?? [], at, sources, depth + 1);
  const either = alternatives(annotation).filter(([only, more]) => only?.source !== 'None' || more);
  if (either.length !== 1) return undefined;
  const [tokens = []] = either;
  const open = tokens.findIndex(({ source }) => source === '[');
  const path = pathOf(open < 0 ? tokens : tokens.slice(0, open));
  const name = path.split('.').at(-1)!;
  const inside = open < 0 ? [] : split(within(tokens, open).inside);
  if (AROUND.includes(name) && inside[0]) return typeOf(inside[0], at, sources, depth + 1);
  if (name === 'Union') return typeOf(joined(inside), at, sources, depth + 1);
  if (name === 'Literal')
    return choiceOf(
      inside.flatMap(([token]) => token?.value ?? []),
      inside.length,
    );
  if (open >= 0 || path === '') return undefined;
  if (Object.hasOwn(TYPES, name)) return { type: TYPES[name]! };
  const enumeration = sources.classIn(at, path);
  const isOne = enumeration?.found.bases.some((base) => ENUMERATIONS.test(base.path));
  return isOne ? choiceOf(enumeration!.found.members, enumeration!.found.members.length) : undefined;
}

/** xax finds a member of an enumeration by its name. */
function choiceOf(choices: readonly string[], of: number): Type | undefined {
  const isWhole = choices.length > 0 && choices.length === of && !choices.some(refusedValue);
  return isWhole ? { type: 'choice', choices } : undefined;
}

/** `int | None`, outside of brackets. */
function alternatives(tokens: readonly Token[]): Token[][] {
  return split(tokens.map((token) => (isBar(token) ? { ...token, source: ',' } : token)));
}

const isBar = ({ kind, source }: Token) => kind === 'mark' && source === '|';

/** What stands in `Union[…]` as with bars between. */
function joined(parts: readonly Token[][]): Token[] {
  return parts.flatMap((part, index) =>
    index === 0 ? part : [{ kind: 'mark' as const, source: '|' }, ...part],
  );
}

/** The default of a field and what it says of itself: `xax.field(2e-3, help="…")` has both. */
function partsOf(value: readonly Token[] | undefined): {
  value: readonly Token[] | undefined;
  help: string | undefined;
} {
  const open = value?.findIndex(({ source }) => source === '(') ?? -1;
  const isField =
    open > 0 && value![open - 1]!.source === 'field' && within(value!, open).end === value!.length;
  if (!value || !isField) return { value, help: undefined };
  const parts = split(within(value, open).inside);
  const named = (name: string) =>
    parts.find(([first, equals]) => first?.source === name && equals?.source === '=')?.slice(2);
  const [first] = parts;
  const help = named('help');
  const words = help && pythonValue(help, new Map());
  return {
    value: named('default') ?? (first && first[1]?.source !== '=' ? first : undefined),
    help: words?.kind === 'text' ? words.text : undefined,
  };
}

/**
 * What a run gets when nobody says otherwise, where it can be told: what the launch sets, else the field's own default. A default
 * that is only nearly right would change the run, since it is passed on.
 */
function defaultOf(
  name: string,
  option: PresetOption,
  { given, at }: Launch,
  own: Value | undefined,
): string | undefined {
  if (given === undefined || isSecretName(name)) return undefined;
  const set = given.get(name);
  const value = set ? pythonValue(set, at.module.constants) : own;
  const text = value && textFor(option, value);
  if (text === undefined || refusedValue(text)) return undefined;
  try {
    checkOption(name, option, text);
    return text;
  } catch {
    return undefined;
  }
}

function textFor({ type, choices }: PresetOption, value: Value): string | undefined {
  if (type === 'choice')
    return value.kind === 'text'
      ? value.text
      : value.kind === 'path'
        ? choices?.find((choice) => choice === value.path.split('.').at(-1))
        : undefined;
  if (value.kind === 'number')
    return type === 'number' || (type === 'integer' && value.isWhole) ? value.text : undefined;
  return value.kind === type ? value.text : undefined;
}
