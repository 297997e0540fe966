import { type Command, OPTION } from '../commands.ts';
import { isJson, type Json } from '../form.ts';
import { channelPayload, memberPayload, rolePayload, userPayload } from '../payloads/guild.ts';
import type { World } from '../world.ts';

export type OptionValue = string | number | boolean;
export type OptionValues = Record<string, OptionValue>;

/** A command's place in the tree, and the options that it takes there. */
export interface Picked {
  /** Subcommand names below the command. */
  path: string[];
  declared: Json[];
}

const listed = (options: unknown): Json[] => (Array.isArray(options) ? options.filter(isJson) : []);

/** Follows `group sub` below a command; throws when a person could not have picked that. */
export function pick(command: Command, path: string[]): Picked {
  let declared = listed(command.options);
  for (const name of path) {
    const next = declared.find(
      (option) => option.name === name && (option.type === OPTION.subcommand || option.type === OPTION.group),
    );
    if (!next) throw new Error(`/${command.name} has no subcommand ${name}`);
    declared = listed(next.options);
  }
  if (declared.some(({ type }) => type === OPTION.subcommand || type === OPTION.group))
    throw new Error(`/${[command.name, ...path].join(' ')} needs a subcommand`);
  return { path, declared };
}

interface Filled {
  options: Json[];
  resolved: Json;
}

/** Fills in options as Discord's app lets a person: throws on what it would not have sent. */
export function fill(
  world: World,
  { path, declared }: Picked,
  values: OptionValues,
  focused?: string,
): Filled {
  const resolved: Json = {};
  for (const name of Object.keys(values))
    if (!declared.some((option) => option.name === name)) throw new Error(`There is no option ${name}`);
  const missing = declared.filter(({ name, required }) => required && !(String(name) in values));
  if (missing.length > 0 && focused === undefined) throw new Error(`Option ${missing[0]!.name} is required`);
  const options = declared.flatMap((option): Json[] => {
    const name = String(option.name);
    const value = values[name];
    if (value === undefined) return [];
    const typed = { name, type: option.type, value };
    if (name === focused) return [{ ...typed, value: String(value), focused: true }];
    if (focused === undefined) checkValue(option, value);
    resolve(world, option.type as number, String(value), resolved);
    return [typed];
  });
  return { options: nest(path, options), resolved };
}

function nest(path: string[], options: Json[]): Json[] {
  return path.reduceRight<Json[]>(
    (inner, name, index) => [
      { name, type: path.length === 2 && index === 0 ? OPTION.group : OPTION.subcommand, options: inner },
    ],
    options,
  );
}

function checkValue(option: Json, value: OptionValue): void {
  const refuse = (why: string) => {
    throw new Error(`Discord's app does not send ${option.name}=${JSON.stringify(value)}: ${why}`);
  };
  const type = option.type;
  if (type === OPTION.string && typeof value !== 'string') refuse('it takes text');
  if (type === OPTION.boolean && typeof value !== 'boolean') refuse('it takes true or false');
  if (type === OPTION.integer && !Number.isSafeInteger(value)) refuse('it takes a whole number');
  if (type === OPTION.number && typeof value !== 'number') refuse('it takes a number');
  const choices = listed(option.choices);
  if (choices.length > 0 && !choices.some((choice) => choice.value === value))
    refuse('it is none of the choices');
  if (typeof value === 'number') {
    if (typeof option.min_value === 'number' && value < option.min_value) refuse(`least ${option.min_value}`);
    if (typeof option.max_value === 'number' && value > option.max_value) refuse(`most ${option.max_value}`);
  }
  if (typeof value === 'string' && type === OPTION.string) {
    const most = typeof option.max_length === 'number' ? option.max_length : 6000;
    if (value.length > most) refuse(`at most ${most} characters`);
    if (typeof option.min_length === 'number' && value.length < option.min_length) refuse('too short');
  }
}

function resolve(world: World, type: number, id: string, into: Json): void {
  const add = (key: string, payload: Json) => {
    into[key] = { ...((into[key] as Json | undefined) ?? {}), [id]: payload };
  };
  const user = world.users.get(id);
  if ((type === OPTION.user || type === OPTION.mentionable) && user) {
    add('users', userPayload(user));
    if (world.members.has(id)) add('members', { ...memberPayload(world, id, false), permissions: '0' });
  }
  const role = world.roles.get(id);
  if ((type === OPTION.role || type === OPTION.mentionable) && role) add('roles', rolePayload(role, 0));
  const channel = world.channels.get(id);
  if (type === OPTION.channel && channel)
    add('channels', { ...channelPayload(world, channel), permissions: '0' });
}
