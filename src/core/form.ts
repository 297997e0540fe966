import type { Modal, Reply } from './adapter.ts';
import { clip } from './clip.ts';
import type { CommandDeclaration } from './command-declaration.ts';
import { ACTION, actionPart, usualAction } from './command-parts.ts';
import { PROBLEM, PROBLEM_OPTION, SHOWN, shownText } from './form-sent.ts';
import { type JobKey, withNames } from './job.ts';
import type { Button } from './message.ts';
import { noPreset } from './no-preset.ts';
import { inWords, jobOptionOf, labelOf, type OptionSpec, type OptionSpecs } from './options.ts';
import { plainText } from './plain-text.ts';
import type { Preset } from './preset.ts';
import { NEEDS_CONFIRMATION, PRESSED_ALREADY } from './press.ts';
import { maskSecrets } from './secrets.ts';
import { SETTINGS, settingField, settingFields, settingOf } from './setting-fields.ts';

/** How much of what was wrong a form says that comes back, characters. */
const PROBLEM_MAX = 500;

type Words = Readonly<Record<string, string>>;

/** What a form is made of besides the command and what is given. */
export interface FormSurroundings {
  /** Options that would change nothing as things stand, which are left out unless they are given. */
  useless?: readonly string[] | undefined;
  /** What stands now in what the form would change, by field. */
  standing?: Words | undefined;
  presets?: readonly Preset[] | undefined;
  nameOf?: ((job: JobKey) => string) | undefined;
}

/**
 * A command's form. `given`: what is known already, by field; of it, jobs and what its declaration calls settled are not
 * asked again. Of a command with actions it asks for what the action takes that is named, or else the usual one.
 */
export function formOf(command: CommandDeclaration, given: Words, around: FormSurroundings = {}): Modal {
  const { presets = [], nameOf = ({ jobId }: JobKey) => jobId } = around;
  const part = actionPart(command, given[ACTION] ?? usualAction(command));
  const options = part ? { [ACTION]: command.options[ACTION]!, ...part.options } : command.options;
  const preset = presetOf(options, given, around);
  const standing = { ...defaultsOf(preset), ...around.standing };
  const hasJob = jobOptionOf(options) !== undefined;
  const isOnly = presets.length === 1 && presets[0] === preset;
  const only = isOnly ? neededPreset(options) : undefined;
  const isAsked = (name: string, spec: OptionSpec) => {
    const isOfNone = spec.type === 'choice' && spec.choices.length === 0;
    if (name === only || isOfNone) return false;
    if (isFilled(given, name)) return spec.type !== 'job' && spec.settled !== true;
    return spec.required === true || !(around.useless ?? []).includes(name);
  };
  const asked = Object.entries(options).flatMap(([name, spec]): [string, OptionSpec][] => {
    if (!isAsked(name, spec)) return [];
    if (spec.type === 'assignments' && spec.declared)
      return Object.entries(settingsAsked(name, spec, { preset, presets, given, standing }));
    return [[name, asField(name, spec, { presets, standing, hasJob })]];
  });
  const fields: OptionSpecs = Object.fromEntries(asked);
  const known = { ...given, ...(only === undefined ? {} : { [only]: preset!.name }) };
  const fixed = Object.entries(known).filter(
    ([name, value]) =>
      !Object.hasOwn(fields, name) &&
      value !== '' &&
      !name.startsWith(':') &&
      !(Object.hasOwn(options, SETTINGS) && settingOf(name) !== undefined),
  );
  const shown = Object.fromEntries(
    Object.entries(standing).filter(([field, value]) => Object.hasOwn(fields, field) && value !== ''),
  );
  const seal = shownText(shown, given[SHOWN]);
  return {
    title: (isFilled(given, ACTION) ? part?.title : undefined) ?? command.title ?? inWords(command.name),
    description: part && isFilled(given, ACTION) ? part.summary : command.summary,
    command: command.name,
    submitLabel: part?.submit ?? command.submit ?? submitOf(command),
    fields,
    // What somebody has given already is not hidden from them.
    folded: asked.filter(([name, { folded }]) => folded && !isFilled(given, name)).map(([name]) => name),
    shaping: asked.filter(([name, { shapes }]) => shapes || (part && name === ACTION)).map(([name]) => name),
    values: valuesOf(
      fields,
      given,
      part && !isFilled(given, ACTION) ? { ...standing, [ACTION]: usualAction(command)! } : standing,
    ),
    fixed: { ...Object.fromEntries(fixed), ...(seal === NOTHING_SHOWN ? {} : { [SHOWN]: seal }) },
    about: fixed
      .filter(([name]) => Object.hasOwn(options, name) && name !== ACTION)
      .map(([name, value]) => ({
        label: labelOf(name, options[name]!),
        text: withNames(value, nameOf).replaceAll('\n', ' '),
      })),
    problem: problemIn(given, fields),
  };
}

const NOTHING_SHOWN = shownText({});

/** What a field that is not ticked sends: of a setting that it is off, of an option nothing. */
export function unticked(field: string): string {
  return settingOf(field) === undefined ? '' : 'false';
}

/** The field of a form in which an option, or a setting, can be mended; undefined where it has none. */
export function fieldFor(fields: readonly string[], option: string | undefined): string | undefined {
  if (option === undefined) return undefined;
  if (fields.includes(option)) return option;
  return settingOf(option) !== undefined && fields.includes(SETTINGS) ? SETTINGS : undefined;
}

function isFilled(given: Words, name: string): boolean {
  return (given[name] ?? '') !== '';
}

/** Error `unknown-preset` of a command that comes to nothing without a preset, where none is declared. */
export function mustHavePreset(options: OptionSpecs, presets: readonly unknown[]): void {
  if (presets.length === 0 && neededPreset(options) !== undefined) throw noPreset();
}

/** The option of a command that comes to nothing without a preset. */
function neededPreset(options: OptionSpecs): string | undefined {
  return Object.keys(options).find((name) => {
    const { type, shapes, required } = options[name]!;
    return type === 'preset' && (shapes || required);
  });
}

/** The preset that is given, or stands there, or is the only one. */
function presetOf(
  options: OptionSpecs,
  given: Words,
  { presets = [], standing = {} }: FormSurroundings,
): Preset | undefined {
  const option = neededPreset(options);
  if (option === undefined) return undefined;
  const named = given[option] || standing[option];
  return named ? presets.find(({ name }) => name === named) : presets.length === 1 ? presets[0] : undefined;
}

function defaultsOf(preset: Preset | undefined): Record<string, string> {
  const all = Object.entries(preset?.options ?? {});
  return Object.fromEntries(
    all.flatMap(([key, option]) =>
      option.default === undefined ? [] : [[settingField(key), option.default]],
    ),
  );
}

/** Each setting that the preset declares, and the others where it has any; none before a preset is chosen. */
function settingsAsked(
  name: string,
  spec: OptionSpec,
  {
    preset,
    presets,
    given,
    standing,
  }: { preset: Preset | undefined; presets: readonly Preset[]; given: Words; standing: Words },
): OptionSpecs {
  const others = { ...spec, label: labelOf(name, spec) };
  if (!preset) return presets.length === 0 || isFilled(given, name) ? { [name]: others } : {};
  const { allowExtra } = preset;
  const what = allowExtra.includes('*') ? 'any setting' : allowExtra.join(', ');
  return {
    ...settingFields(preset, standing),
    ...(allowExtra.length > 0 || isFilled(given, name)
      ? {
          [name]: {
            ...others,
            label: 'Other settings',
            description: `${what}, each as key=value`,
            folded: true,
          },
        }
      : {}),
  };
}

/** A preset is chosen from a list; a metric is one of a job's, and without one it is typed. */
function asField(
  name: string,
  spec: OptionSpec,
  { presets, standing, hasJob }: { presets: readonly Preset[]; standing: Words; hasJob: boolean },
): OptionSpec {
  const label = labelOf(name, spec);
  if (spec.type === 'tag' && !hasJob) return { ...spec, type: 'text', label };
  if (spec.type !== 'preset' || presets.length === 0) return { ...spec, label };
  const { type: _, ...base } = spec;
  const required = base.required === true || (base.shapes === true && standing[name] === undefined);
  return {
    ...base,
    type: 'choice',
    label,
    required,
    // What must be chosen has no default.
    ...(required ? { description: base.description.replace(/ \(default: [^()]*\)$/, '') } : {}),
    choices: presets.map((each) => each.name),
    described: Object.fromEntries(presets.map((each) => [each.name, each.description])),
  };
}

/** What was filled in stays, what was emptied too. */
function valuesOf(fields: OptionSpecs, given: Words, standing: Words): Record<string, string> {
  const isBack = Object.hasOwn(given, SHOWN);
  const value = (field: string) =>
    isBack && Object.hasOwn(given, field) ? given[field]! : given[field] || standing[field] || '';
  const all = Object.keys(fields).map((field): [string, string] => [field, value(field)]);
  return Object.fromEntries(all.filter(([, text]) => text !== ''));
}

function problemIn(given: Words, fields: OptionSpecs): Modal['problem'] {
  const text = given[PROBLEM];
  return text === undefined
    ? undefined
    : { text, field: fieldFor(Object.keys(fields), given[PROBLEM_OPTION]) };
}

function submitOf({ name, changes }: CommandDeclaration): string {
  return changes ? inWords(name) : `Show ${name}`;
}

/** Whether a command was not done for something that its form can mend. */
export function isRefusal({ ok, final, errorCode }: Reply): boolean {
  return final && !ok && errorCode !== undefined && !NOT_MENDED.includes(errorCode);
}

/** What another form does not mend: a question that waits for its yes, and what was done already. */
const NOT_MENDED: readonly string[] = [NEEDS_CONFIRMATION, PRESSED_ALREADY];

/** A refusal with a button back into the form, with everything that was filled in and what was wrong; any other reply as it is. */
export function withFormAgain(
  reply: Reply,
  { command, options }: { command: string; options: Record<string, string> },
  label = 'Open the form again',
): Reply {
  if (!isRefusal(reply)) return reply;
  const { message, errorOption } = reply;
  // The button is kept; a secret is not, and is typed again.
  const kept = Object.fromEntries(
    Object.entries(options).filter(([, value]) => maskSecrets(value) === value),
  );
  const why = {
    [PROBLEM]: clip(plainText(message), PROBLEM_MAX),
    ...(errorOption === undefined ? {} : { [PROBLEM_OPTION]: errorOption }),
  };
  const again: Button = { label, command, options: { ...kept, ...why }, form: true };
  return {
    ...reply,
    message: { ...message, blocks: [...message.blocks, { kind: 'buttons', buttons: [again] }] },
  };
}
