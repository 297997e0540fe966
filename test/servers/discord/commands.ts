import { refuse } from './errors.ts';
import { createForm, type Form, isJson, type Json } from './form.ts';
import { COMMANDS as LIMIT } from './limits.ts';

/** interactions/application-commands: Application Command Option Type. */
export const OPTION = {
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
} as const;

export interface Command extends Json {
  id: string;
  name: string;
  /** 1 slash, 2 user, 3 message. */
  type: number;
  options?: Json[];
}

/** Everywhere, or a guild by its id. */
export type Scope = 'global' | (string & {});

export interface CommandStore {
  of(scope: Scope): Command[];
  /** Replaces all of a scope's; those with new names count as created. */
  overwrite(scope: Scope, list: unknown): Command[];
  /** Adds one, or replaces the one of its name and type; true when it was created. */
  upsert(scope: Scope, body: Json): { command: Command; created: boolean };
  remove(scope: Scope, id: string): void;
  /** What a person may pick: the guild's, and the global ones where no guild command has their name. */
  find(type: number, name: string, guild: string | undefined): Command | undefined;
  created(scope: Scope): number;
}

interface StoreDeps {
  applicationId: string;
  newId(): string;
  now(): number;
}

const DAY = 24 * 3600_000;

export function createCommandStore({ applicationId, newId, now }: StoreDeps): CommandStore {
  const kept = new Map<Scope, Command[]>();
  const creates = new Map<Scope, number[]>();
  const of = (scope: Scope) => kept.get(scope) ?? [];
  const counted = (scope: Scope) => (creates.get(scope) ?? []).filter((at) => now() - at < DAY).length;
  const stored = (scope: Scope, body: Json): Command => {
    const old = of(scope).find(({ name, type }) => name === body.name && type === (body.type ?? 1));
    if (!old && counted(scope) >= LIMIT.createsADay) throw refuse(30034);
    if (!old) creates.set(scope, [...(creates.get(scope) ?? []), now()]);
    return {
      default_member_permissions: null,
      nsfw: false,
      description: '',
      ...structuredClone(body),
      id: old?.id ?? newId(),
      name: String(body.name),
      type: typeof body.type === 'number' ? body.type : 1,
      application_id: applicationId,
      ...(scope === 'global' ? {} : { guild_id: scope }),
      version: newId(),
    };
  };
  return {
    of,
    overwrite(scope, value) {
      const form = createForm();
      const list = form.list(value, { most: LIMIT.slash + LIMIT.user + LIMIT.message, required: true }) ?? [];
      const bodies = list.map((body, index) => form.at(index).object(body) ?? {});
      bodies.forEach((body, index) => void checkCommand(form.at(index), body));
      checkCounts(form, bodies);
      form.check();
      const commands = bodies.map((body) => stored(scope, body));
      kept.set(scope, commands);
      return commands;
    },
    upsert(scope, body) {
      const form = createForm();
      checkCommand(form, body);
      form.check();
      const others = of(scope).filter(({ name, type }) => name !== body.name || type !== (body.type ?? 1));
      checkCounts(form, [...others, body]);
      form.check();
      const command = stored(scope, body);
      const created = others.length === of(scope).length;
      kept.set(scope, [...others, command]);
      return { command, created };
    },
    remove(scope, id) {
      const left = of(scope).filter((command) => command.id !== id);
      if (left.length === of(scope).length) throw refuse(10063);
      kept.set(scope, left);
    },
    find: (type, name, guild) =>
      [...(guild === undefined ? [] : of(guild)), ...of('global')].find(
        (one) => one.type === type && one.name === name,
      ),
    created: counted,
  };
}

function checkCounts(form: Form, bodies: Json[]): void {
  const of = (type: number) => bodies.filter((body) => (body.type ?? 1) === type);
  const most = [LIMIT.slash, LIMIT.user, LIMIT.message];
  for (const [index, limit] of most.entries()) {
    if (of(index + 1).length > limit) throw refuse(30032);
    const names = of(index + 1).map(({ name }) => name);
    if (new Set(names).size < names.length)
      form.problem('APPLICATION_COMMANDS_DUPLICATE_NAME', 'Application command names must be unique');
  }
}

const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

function checkName(form: Form, name: unknown): void {
  const text = form.text(name, { least: 1, most: LIMIT.name, required: true });
  if (text !== undefined && (!NAME.test(text) || text !== text.toLowerCase()))
    form.problem('APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
}

function checkCommand(form: Form, body: Json): void {
  const type = form.at('type').oneOf(body.type ?? 1, [1, 2, 3]);
  if (type !== 1) {
    form.at('name').text(body.name, { least: 1, most: LIMIT.name, required: true });
    if (body.description)
      form
        .at('description')
        .problem(
          'APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION',
          'Context menu commands cannot have a description',
        );
    if (Array.isArray(body.options) && body.options.length > 0)
      form
        .at('options')
        .problem('APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS', 'Context menu commands cannot have options');
    return;
  }
  checkName(form.at('name'), body.name);
  form.at('description').text(body.description, { least: 1, most: LIMIT.description, required: true });
  checkOptions(form.at('options'), body.options, 0);
  if (textOf(body) > LIMIT.totalText)
    form.problem('APPLICATION_COMMAND_TOO_LARGE', `Command exceeds maximum size (${LIMIT.totalText})`);
}

/** Characters of all names, descriptions and values of a command. */
function textOf(body: Json): number {
  const own = [body.name, body.description, body.value].reduce(
    (sum: number, text) => sum + (typeof text === 'string' ? [...text].length : 0),
    0,
  );
  const nested = [body.options, body.choices].flatMap((list) =>
    Array.isArray(list) ? list.filter(isJson) : [],
  );
  return nested.reduce((sum, child) => sum + textOf(child), own);
}

/** `depth`: 0 a command's options, 1 a group's or a subcommand's, 2 those of a subcommand in a group. */
function checkOptions(form: Form, value: unknown, depth: number): void {
  const options = (form.list(value, { most: LIMIT.options }) ?? []).filter(isJson);
  const names = options.map(({ name }) => name);
  if (new Set(names).size < names.length)
    form.problem('APPLICATION_COMMAND_OPTIONS_NAME_INVALID', 'Option names must be unique');
  const nests = (type: unknown) => type === OPTION.subcommand || type === OPTION.group;
  if (options.some(({ type }) => nests(type)) && options.some(({ type }) => !nests(type)))
    form.problem('APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', 'Sub-commands and options cannot be mixed');
  let optional = false;
  options.forEach((option, index) => {
    const at = form.at(index);
    checkOption(at, option, depth);
    if (option.required && optional)
      at.problem(
        'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        'Required options must be placed before non-required options',
      );
    optional ||= !option.required && !nests(option.type);
  });
}

function checkOption(form: Form, option: Json, depth: number): void {
  checkName(form.at('name'), option.name);
  form.at('description').text(option.description, { least: 1, most: LIMIT.description, required: true });
  const type = form.at('type').oneOf(option.type, Object.values(OPTION));
  if (type === OPTION.group || type === OPTION.subcommand) {
    // Groups stand at the top; subcommands at the top or in a group.
    if (depth > (type === OPTION.group ? 0 : 1))
      form
        .at('type')
        .problem('APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', 'Sub-command option types nest one group deep');
    checkNested(form.at('options'), option.options, type, depth);
    return;
  }
  const choices = form.at('choices').list(option.choices, { most: LIMIT.choices }) ?? [];
  if (option.autocomplete && choices.length > 0)
    form
      .at('autocomplete')
      .problem(
        'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE',
        'Autocomplete cannot be true if choices are present',
      );
  const takesChoices = type === OPTION.string || type === OPTION.integer || type === OPTION.number;
  if ((option.autocomplete || choices.length > 0) && !takesChoices)
    form.problem(
      'APPLICATION_COMMAND_OPTIONS_CHOICES_TYPE',
      'Only string, integer and number options have choices',
    );
  choices.filter(isJson).forEach((choice, index) => {
    const at = form.at('choices', index);
    at.at('name').text(choice.name, { least: 1, most: LIMIT.choiceText, required: true });
    if (type === OPTION.string) at.at('value').text(choice.value, { most: LIMIT.choiceText, required: true });
    else at.at('value').number(choice.value, { least: -LIMIT.integer, most: LIMIT.integer });
  });
  form.at('min_length').number(option.min_length, { least: 0, most: LIMIT.textLength });
  form.at('max_length').number(option.max_length, { least: 1, most: LIMIT.textLength });
}

function checkNested(form: Form, value: unknown, type: number, depth: number): void {
  const nested = Array.isArray(value) ? value.filter(isJson) : [];
  const groups = nested.filter((one) => one.type === OPTION.group || one.type === OPTION.subcommand);
  if (type === OPTION.subcommand && groups.length > 0)
    form.problem('APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', 'A sub-command holds options only');
  if (
    type === OPTION.group &&
    (groups.length < nested.length || nested.some((one) => one.type === OPTION.group))
  )
    form.problem('APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', 'A group holds sub-commands only');
  checkOptions(form, value, depth + 1);
}
