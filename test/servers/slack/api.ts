import { viewProblems } from './blocks.ts';
import { createFileMethods } from './file-methods.ts';
import { ACK_MS, SCOPES } from './limits.ts';
import { createMessageMethods } from './message-methods.ts';
import type { createSocketMode } from './sockets.ts';
import { type Json, type SlackWorld, TEAM } from './world.ts';

/** The Web API: what Slack checks before anything is done, and what the emulator does not do. */
export function createApi(
  world: SlackWorld,
  sockets: ReturnType<typeof createSocketMode>,
  tokens: { bot: string; app: string },
) {
  const { auth, joined, homes, triggers, fileReady, userOf, openDirect } = world;
  const messages = createMessageMethods(world);
  const files = createFileMethods(world);

  function tokenProblem(method: string, token: string): Json | undefined {
    if (token !== tokens.bot && token !== tokens.app) return { error: 'invalid_auth' };
    if (world.trouble.revoked !== undefined) return { error: world.trouble.revoked };
    const wantsApp = method === 'apps.connections.open';
    if (wantsApp !== (token === tokens.app)) return { error: 'not_allowed_token_type' };
    const needed = SCOPES[method];
    if (needed !== undefined && !world.trouble.granted.has(needed))
      return { error: 'missing_scope', needed, provided: [...world.trouble.granted].join(',') };
    return undefined;
  }

  async function call(method: string, args: Json): Promise<Json> {
    switch (method) {
      case 'auth.test':
        return {
          ok: true,
          url: 'https://lab.slack.com/',
          team: 'lab',
          user: 'xaxbot',
          team_id: TEAM,
          user_id: auth.user_id,
          bot_id: auth.bot_id,
        };
      case 'apps.connections.open':
        return {
          ok: true,
          url: `${world.trouble.base.replace('http', 'ws')}/link/?ticket=${sockets.ticket()}`,
        };
      case 'users.info':
        return userInfo(String(args.user));
      case 'usergroups.users.list': {
        const users = world.userGroups.get(String(args.usergroup));
        return users ? { ok: true, users: [...users] } : { ok: false, error: 'no_such_subteam' };
      }
      case 'conversations.info':
        return channelInfo(String(args.channel));
      case 'chat.postMessage':
        return messages.post(args);
      case 'chat.update':
        return messages.update(args);
      case 'chat.delete':
        return messages.remove(args);
      case 'chat.postEphemeral':
        return messages.postEphemeral(args);
      case 'conversations.open':
        return openDirect(String(args.users));
      case 'conversations.history':
      case 'conversations.replies':
        return messages.history(method, args);
      case 'views.open':
      case 'views.publish':
      case 'views.update':
        return showView(method, args);
      case 'files.getUploadURLExternal':
        return files.uploadUrl(args);
      case 'files.completeUploadExternal':
        return files.complete(args);
      case 'files.info':
        return files.info(args);
      case 'files.delete':
        return files.remove(args);
      case 'chat.getPermalink':
        return {
          ok: true,
          channel: args.channel,
          permalink: `https://lab.slack.com/archives/${String(args.channel)}/p${String(args.message_ts).replace('.', '')}`,
        };
      default:
        return { ok: false, error: 'unknown_method' };
    }
  }

  function userInfo(id: string): Json {
    const user = userOf(id);
    if (!user) return { ok: false, error: 'user_not_found' };
    const { kind = 'member' } = user;
    return {
      ok: true,
      user: {
        id,
        name: user.name.toLowerCase(),
        team_id: kind === 'external' ? 'T0OTHER' : TEAM,
        profile: { display_name: user.name },
        deleted: kind === 'deactivated',
        is_bot: kind === 'bot',
        is_restricted: kind === 'guest',
        is_stranger: kind === 'external',
      },
    };
  }

  function channelInfo(channel: string): Json {
    const [name] = Object.entries(world.channels).find(([, id]) => id === channel) ?? [];
    const is_private = world.closed.has(channel);
    const is_member = joined.has(channel);
    // Of a private one nobody outside is told.
    if (name === undefined || world.deleted.has(channel) || (is_private && !is_member))
      return { ok: false, error: 'channel_not_found' };
    return {
      ok: true,
      channel: { id: channel, name, is_private, is_member, is_archived: world.archived.has(channel) },
    };
  }

  function showView(method: string, args: Json): Json {
    const view = args.view as Json;
    const problems = viewProblems(view, fileReady);
    if (problems.length > 0)
      return {
        ok: false,
        error: 'invalid_arguments',
        response_metadata: { messages: problems.map((each) => `[ERROR] ${each}`) },
      };
    if (method === 'views.publish') {
      homes.set(String(args.user_id), view);
      return { ok: true, view };
    }
    if (method === 'views.update') {
      const open = world.views.get(String(args.view_id));
      if (!open) return { ok: false, error: 'not_found' };
      const { id, user, entered } = open;
      world.views.set(id, { ...view, id, user, entered });
      return { ok: true, view: { ...view, id } };
    }
    const trigger = triggers.get(String(args.trigger_id));
    if (trigger === undefined) return { ok: false, error: 'exchanged_trigger_id' };
    triggers.delete(String(args.trigger_id));
    if (Date.now() - trigger > ACK_MS) return { ok: false, error: 'expired_trigger_id' };
    return { ok: true, view: world.openView(view, String(args.trigger_id).split('.')[1]!) };
  }

  return { tokenProblem, call, respond: messages.respond };
}
