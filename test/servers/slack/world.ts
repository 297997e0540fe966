import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { emulate, type Json, type SlackUser } from './emulated.ts';
import type { Entered } from './form-state.ts';

export type { Json, SlackUser } from './emulated.ts';

export interface SlackMessage {
  ts: string;
  text: string;
  user?: string;
  bot_id?: string;
  thread_ts?: string;
  blocks?: Json[];
  metadata?: Json;
  reply_broadcast?: boolean;
  edited?: boolean;
}

export interface Ephemeral extends SlackMessage {
  channel: string;
  to: string;
}

/** An uploaded file; `shared` into a channel, `thread` of it, or nowhere. */
interface KeptFile {
  asked: number;
  complete: boolean;
  shared: string | undefined;
  thread: string | undefined;
  deleted: boolean;
  bytes: number;
}

/** A form that is open before somebody, with what they have entered so far. */
export type OpenView = Json & { id: string; user: string; entered: Entered };

export const TEAM = 'T0LAB';
/** What an app made from our manifest has: whatever else is asked of a method is refused. */
const MANIFEST = fileURLToPath(new URL('../../../slack-manifest.yaml', import.meta.url));
export const MANIFEST_SCOPES = (
  parse(readFileSync(MANIFEST, 'utf8')) as { oauth_config: { scopes: { bot: string[] } } }
).oauth_config.scopes.bot;

export interface SlackOptions {
  users?: SlackUser[];
  scopes?: string[];
  /** After how many looks (files.info) a file can be shown. */
  fileReadyAfter?: number;
  /** Whether a call that Slack would not take fails the test, when the server stops; true by default. */
  strict?: boolean;
}

/** A workspace: what the `emulate` package keeps of it (messages, threads, files), and what it has beyond. */
export async function createWorld(options: SlackOptions) {
  const { users = [{ id: 'U0ADA', name: 'Ada' }], scopes = MANIFEST_SCOPES, fileReadyAfter = 2 } = options;
  const { emulated, inner } = await emulate(users);
  const auth = await inner('auth.test');
  if (auth.user_id === undefined || auth.bot_id === undefined) throw new Error('the emulator has no bot');
  const listed = (await inner('conversations.list')).channels as { id: string; name: string }[];
  const members = (await inner('users.list')).members as { id: string; name: string }[];
  const channels = Object.fromEntries(listed.map(({ id, name }) => [name, id])) as Record<string, string>;
  /** The bot is a member of what it was invited to. */
  const joined = new Set([channels.queue!, channels.other!]);
  for (const id of joined) await inner('conversations.join', { channel: id });
  const archived = new Set<string>();
  const deleted = new Set<string>();
  const userOf = (id: string) => users.find((user) => user.id === id);
  const innerUser = (id: string) => members.find(({ name }) => name === userOf(id)?.name.toLowerCase())?.id;

  /** The emulator names the token's user by its name in some places and by its id in others. */
  const isOurs = ({ user }: SlackMessage) => user === auth.user_id || user === 'xaxbot';

  const requests: { method: string; args: Json; at: number }[] = [];
  const ephemerals: Ephemeral[] = [];
  const views = new Map<string, OpenView>();
  const homes = new Map<string, Json>();
  const triggers = new Map<string, number>();
  /** `pressed`: the message that an interaction was on. */
  const responseUrls = new Map<
    string,
    { user: string; channel: string; pressed: string | undefined; uses: number }
  >();
  const files = new Map<string, KeptFile>();
  const broadcasts = new Set<string>();
  const directs = new Map<string, string>();
  /** Threads that take nothing more, by `channel:ts`, with the code that says why; and deleted messages that have replies. */
  const closedThreads = new Map<string, string>();
  const tombstones = new Set<string>();
  /** What goes wrong, as tests set it. */
  const trouble = {
    revoked: undefined as string | undefined,
    granted: new Set(scopes),
    isDown: false,
    frozen: false,
    /** Where the server listens. */
    base: '',
  };
  /** User groups by id, each with the ids of who is in it; and the channels that are private. */
  const userGroups = new Map<string, Set<string>>();
  const closed = new Set<string>();
  let counter = 0;

  const fileReady = (id: string) => {
    const file = files.get(id);
    return file?.complete === true && !file.deleted && file.asked >= fileReadyAfter;
  };

  function nextNumber(): number {
    counter += 1;
    return counter;
  }

  function trigger(user: string): string {
    const id = `${nextNumber()}.${user}.${Math.random().toString(36).slice(2)}`;
    triggers.set(id, Date.now());
    return id;
  }

  function responseUrl(user: string, channel: string, pressed?: string): string {
    const id = String(nextNumber());
    responseUrls.set(id, { user, channel, pressed, uses: 0 });
    return `${trouble.base}/respond/${id}`;
  }

  function openView(view: Json, user: string, entered: Entered = {}) {
    const opened = { ...view, id: `V${nextNumber()}`, user, entered };
    views.set(opened.id, opened);
    return opened;
  }

  async function openDirect(user: string): Promise<Json> {
    if (!userOf(user)) return { ok: false, error: 'user_not_found' };
    const known = directs.get(user);
    if (known !== undefined) return { ok: true, channel: { id: known } };
    const opened = (await inner('conversations.open', { users: innerUser(user) })) as {
      channel: { id: string };
    };
    directs.set(user, opened.channel.id);
    return { ok: true, channel: { id: opened.channel.id } };
  }

  async function find(channel: string, ts: string): Promise<SlackMessage | undefined> {
    const answer = await inner('conversations.replies', { channel, ts });
    const messages = (answer.messages ?? []) as SlackMessage[];
    const found = messages.find((message) => message.ts === ts);
    if (found) return found;
    return (await everything(channel)).find((message) => message.ts === ts);
  }

  async function everything(channel: string): Promise<SlackMessage[]> {
    const roots = await timeline(channel);
    const threads = await Promise.all(roots.map(({ ts }) => replies(channel, ts)));
    return [...roots, ...threads.flat()];
  }

  /** A channel's messages, oldest first, without what stands in threads. */
  async function timeline(channel: string): Promise<SlackMessage[]> {
    const answer = await inner('conversations.history', {
      channel,
      limit: '999',
      include_all_metadata: 'true',
    });
    return ((answer.messages ?? []) as SlackMessage[])
      .filter(({ ts, thread_ts }) => thread_ts === undefined || thread_ts === ts)
      .toSorted((a, b) => Number(a.ts) - Number(b.ts));
  }

  async function replies(channel: string, ts: string): Promise<SlackMessage[]> {
    const answer = await inner('conversations.replies', {
      channel,
      ts,
      limit: '999',
      include_all_metadata: 'true',
    });
    return ((answer.messages ?? []) as SlackMessage[])
      .filter((message) => message.ts !== ts)
      .map((message) => ({ ...message, reply_broadcast: broadcasts.has(`${channel}:${message.ts}`) }));
  }

  function channelProblem(channel: string): string | undefined {
    if (
      deleted.has(channel) ||
      (![...Object.values(channels), ...directs.values()].includes(channel) && !userOf(channel))
    )
      return 'channel_not_found';
    if (archived.has(channel)) return 'is_archived';
    const isDirect = [...directs.values()].includes(channel) || userOf(channel) !== undefined;
    return isDirect || joined.has(channel) ? undefined : 'not_in_channel';
  }

  return {
    users,
    emulated,
    inner,
    auth,
    members,
    channels,
    joined,
    archived,
    deleted,
    userGroups,
    closed,
    userOf,
    innerUser,
    isOurs,
    requests,
    ephemerals,
    views,
    homes,
    triggers,
    responseUrls,
    files,
    broadcasts,
    directs,
    closedThreads,
    tombstones,
    trouble,
    fileReady,
    fileReadyAfter,
    nextNumber,
    trigger,
    responseUrl,
    openView,
    openDirect,
    find,
    timeline,
    replies,
    channelProblem,
  };
}

export type SlackWorld = Awaited<ReturnType<typeof createWorld>>;
