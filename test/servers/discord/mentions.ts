import { flatten, TYPE } from './components.ts';
import type { Form, Json } from './form.ts';
import { MESSAGE } from './limits.ts';
import { withoutCode } from './markdown.ts';
import { may, type Notified, type StoredMessage, type World } from './world.ts';

type Parse = 'users' | 'roles' | 'everyone';

export interface AllowedMentions {
  parse: readonly Parse[];
  users: readonly string[];
  roles: readonly string[];
  repliedUser: boolean;
}

/** What goes without `allowed_mentions`: everything in messages, users only in interactions (resources/message). */
const DEFAULTS = {
  message: { parse: ['users', 'roles', 'everyone'], users: [], roles: [], repliedUser: true },
  interaction: { parse: ['users'], users: [], roles: [], repliedUser: true },
} as const satisfies Record<string, AllowedMentions>;

export type Voice = keyof typeof DEFAULTS;

/** Reads and checks `allowed_mentions` of a request. */
export function readAllowedMentions(form: Form, value: unknown, voice: Voice): AllowedMentions {
  if (value === undefined || value === null) return DEFAULTS[voice];
  const given = form.object(value) ?? {};
  const parse = (form.at('parse').list(given.parse, { most: 3 }) ?? []).flatMap(
    (one, index) => form.at('parse', index).oneOf(one, ['users', 'roles', 'everyone'] as const) ?? [],
  );
  const ids = (key: 'users' | 'roles') =>
    (form.at(key).list(given[key], { most: MESSAGE.allowedMentionIds }) ?? []).map(String);
  for (const key of ['users', 'roles'] as const)
    if (parse.includes(key) && ids(key).length > 0)
      form.problem(
        'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
        `parse:["${key}"] and ${key}: [ids...] are mutually exclusive.`,
      );
  return { parse, users: ids('users'), roles: ids('roles'), repliedUser: given.replied_user === true };
}

/** The texts that can ping: the content and text displays, never an embed. */
export function pingingTexts(content: string, components: readonly Json[]): string[] {
  const displays = flatten(components).flatMap(({ type, content: text }) =>
    type === TYPE.text && typeof text === 'string' ? [text] : [],
  );
  return [content, ...displays].filter(Boolean);
}

/**
 * Whom a message of the bot pings. A backslash before a mention is not counted on to hold it back: the escape is the
 * reader's app's, the ping is the server's; only code is left out.
 */
export function notifiedBy(
  world: World,
  message: Pick<StoredMessage, 'channel' | 'content' | 'components' | 'replyTo' | 'onlyFor'>,
  allowed: AllowedMentions,
): Notified {
  const none: Notified = { everyone: false, here: false, users: [], roles: [] };
  const channel = world.channels.get(message.channel);
  if (!channel || message.onlyFor !== null) return none;
  const text = pingingTexts(message.content, message.components).map(withoutCode).join('\n');
  const ids = (pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map((match) => match[1]!))];
  const mayAll = may(world, channel, world.bot.id, 'MENTION_EVERYONE') && channel.kind !== 'dm';
  const mass = mayAll && allowed.parse.includes('everyone');
  const replied = message.replyTo ? channel.messages.get(message.replyTo)?.author : undefined;
  const users = ids(/<@!?(\d{1,20})>/g).filter(
    (id) => world.users.has(id) && (allowed.parse.includes('users') || allowed.users.includes(id)),
  );
  if (replied && allowed.repliedUser && !users.includes(replied)) users.push(replied);
  return {
    everyone: mass && text.includes('@everyone'),
    here: mass && text.includes('@here'),
    users,
    roles: ids(/<@&(\d{1,20})>/g).filter((id) => {
      const role = world.roles.get(id);
      const permitted = allowed.parse.includes('roles') || allowed.roles.includes(id);
      return role !== undefined && permitted && (role.mentionable || mayAll);
    }),
  };
}

/** For a person's message: the users that they mention. */
export function mentionedUsers(world: World, text: string): string[] {
  const found = [...withoutCode(text).matchAll(/<@!?(\d{1,20})>/g)].map((match) => match[1]!);
  return [...new Set(found)].filter((id) => world.users.has(id));
}
