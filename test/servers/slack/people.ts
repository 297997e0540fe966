import { problemsOf } from '../../validators/problems.ts';
import { submissionAnswer, suggestionAnswer } from '../../validators/slack/views.ts';
import { enteredIn, keptBack, stateOf } from './form-state.ts';
import type { createSocketMode } from './sockets.ts';
import {
  type Ephemeral,
  type Json,
  type OpenView,
  type SlackMessage,
  type SlackWorld,
  TEAM,
} from './world.ts';

/** What people do in Slack; each resolves to how soon and with what it was acknowledged. */
export function createPeople(world: SlackWorld, sockets: ReturnType<typeof createSocketMode>) {
  const { auth, inner, users, members, views, userOf, find, openDirect, openView, trigger, responseUrl } =
    world;
  const { nextNumber } = world;

  const about = (user: string) => ({ id: user, name: userOf(user)?.name ?? user, team_id: TEAM });
  /** What stands in everything that somebody does. */
  const from = (user: string) => ({
    user: about(user),
    api_app_id: 'A0XAXBOT',
    token: 't',
    team: { id: TEAM, domain: 'lab' },
  });
  const event = (inner: Json) => ({
    type: 'event_callback',
    team_id: TEAM,
    api_app_id: 'A0XAXBOT',
    event_id: `Ev${nextNumber()}`,
    event_time: Math.floor(Date.now() / 1000),
    event: inner,
  });

  /** What somebody writes, as themselves. */
  async function write(user: string, channel: string, text: string, thread?: string): Promise<string> {
    const name = userOf(user)?.name ?? '';
    await inner('conversations.join', { channel }, `xoxb-inner-${name}`);
    const sent = await inner('chat.postMessage', { channel, text, thread_ts: thread }, `xoxb-inner-${name}`);
    return String(sent.ts);
  }

  function mustBeOpen(viewId: string) {
    const view = views.get(viewId);
    if (!view) throw new Error(`the view ${viewId} is not open`);
    return view;
  }

  /** A view as Slack sends it, with what stands in it. */
  function sentView({ entered, ...view }: OpenView): Json {
    return { ...view, state: { values: stateOf(view, entered) }, hash: 'h' };
  }

  return {
    /** A slash command; custom ones cannot be given in threads. */
    command(user: string, channel: string, text: string) {
      return sockets.deliver('slash_commands', {
        command: '/xax',
        text,
        user_id: user,
        user_name: userOf(user)?.name.toLowerCase(),
        channel_id: channel,
        channel_name: 'queue',
        team_id: TEAM,
        team_domain: 'lab',
        api_app_id: 'A0XAXBOT',
        is_enterprise_install: 'false',
        token: 't',
        trigger_id: trigger(user),
        response_url: responseUrl(user, channel),
      });
    },
    /** A message with a mention: Slack sends it as a mention, and as a message too. */
    async mention(user: string, channel: string, words: string, thread?: string) {
      const text = `<@${String(auth.user_id)}> ${words}`;
      const ts = await write(user, channel, text, thread);
      const message = { user, text, ts, channel, team: TEAM, ...(thread ? { thread_ts: thread } : {}) };
      const acked = await sockets.deliver('events_api', event({ type: 'app_mention', ...message }));
      await sockets.deliver('events_api', event({ type: 'message', channel_type: 'channel', ...message }));
      return { ...acked, ts };
    },
    /** The same payload once more, as Slack does when an acknowledgement was lost. */
    async twice(user: string, channel: string, words: string) {
      const ts = await write(user, channel, words);
      const payload = event({
        type: 'app_mention',
        user,
        text: `<@${String(auth.user_id)}> ${words}`,
        ts,
        channel,
        team: TEAM,
      });
      await sockets.deliver('events_api', payload);
      return sockets.deliver('events_api', payload, { retry: 1, reason: 'timeout' });
    },
    async say(user: string, channel: string, text: string, thread?: string) {
      const ts = await write(user, channel, text, thread);
      await sockets.deliver(
        'events_api',
        event({
          type: 'message',
          channel_type: 'channel',
          user,
          text,
          ts,
          channel,
          team: TEAM,
          ...(thread ? { thread_ts: thread } : {}),
        }),
      );
      return ts;
    },
    /** What somebody said is said otherwise, or (undefined) deleted; one with replies leaves a tombstone. */
    revise(channel: string, ts: string, text: string | undefined, { hasReplies = false } = {}) {
      const changed = { channel, channel_type: 'channel', ts: `${Math.floor(Date.now() / 1000)}.9` };
      const message = text === undefined ? { subtype: 'tombstone', ts, text: '' } : { ts, text };
      const kind =
        text === undefined && !hasReplies
          ? { subtype: 'message_deleted', deleted_ts: ts }
          : { subtype: 'message_changed', message };
      return sockets.deliver('events_api', event({ type: 'message', hidden: true, ...changed, ...kind }));
    },
    async direct(user: string, text: string) {
      const channel = String(((await openDirect(user)).channel as Json).id);
      const ts = `${Math.floor(Date.now() / 1000)}.${String(900000 + nextNumber())}`;
      return sockets.deliver(
        'events_api',
        event({ type: 'message', channel_type: 'im', user, text, ts, channel, team: TEAM }),
      );
    },
    /** Presses the button with these words. */
    async press(user: string, channel: string, message: SlackMessage | Ephemeral | Json, label: string) {
      const blocks = (message.blocks ?? []) as Json[];
      const buttons = blocks.flatMap(({ block_id, elements }) =>
        ((elements ?? []) as Json[]).map((element) => ({ block_id: block_id ?? 'b', ...element })),
      );
      const button = buttons.find(
        (each) => (each as Json).type === 'button' && ((each as Json).text as Json)?.text === label,
      ) as Json | undefined;
      if (!button) throw new Error(`there is no button "${label}"`);
      const isEphemeral = 'to' in message;
      const isView = 'type' in message && message.type === 'home';
      const thread = message.thread_ts as string | undefined;
      return sockets.deliver('interactive', {
        ...from(user),
        type: 'block_actions',
        trigger_id: trigger(user),
        actions: [{ ...button, action_ts: String(Date.now() / 1000) }],
        ...(isView
          ? { container: { type: 'view', view_id: 'V0' } }
          : {
              container: {
                type: 'message',
                message_ts: message.ts,
                channel_id: channel,
                is_ephemeral: isEphemeral,
                ...(thread ? { thread_ts: thread } : {}),
              },
              channel: { id: channel, name: 'queue' },
              response_url: responseUrl(user, channel, String(message.ts)),
              ...(isEphemeral ? {} : { message }),
            }),
      });
    },
    /** Chooses something, or presses the button with these words, in an open form. */
    async actIn(user: string, viewId: string, what: { block: string; value: string } | { label: string }) {
      const view = mustBeOpen(viewId);
      const blocks = (view.blocks ?? []) as Json[];
      if ('block' in what) Object.assign(view.entered, enteredIn(view, { [what.block]: what.value }));
      const block =
        'block' in what
          ? blocks.find(
              ({ block_id, dispatch_action }) => block_id === what.block && dispatch_action === true,
            )
          : blocks.find(({ elements }) => JSON.stringify(elements ?? '').includes(`"${what.label}"`));
      // Without being asked to, Slack says nothing of what is entered.
      if (!block) throw new Error(`nothing in the form acts on ${JSON.stringify(what)}`);
      const element = (block.element ?? (block.elements as Json[])[0]) as Json;
      return sockets.deliver('interactive', {
        ...from(user),
        type: 'block_actions',
        trigger_id: trigger(user),
        container: { type: 'view', view_id: viewId },
        view: sentView(view),
        actions: [
          {
            block_id: block.block_id,
            action_id: element.action_id,
            type: element.type,
            action_ts: String(Date.now() / 1000),
          },
        ],
      });
    },
    /** What is entered meanwhile, of which Slack tells nobody; by block. */
    enter(viewId: string, values: Record<string, string>): void {
      const view = mustBeOpen(viewId);
      Object.assign(view.entered, enteredIn(view, values));
    },
    /** Sends a form; `values` by block. An answer of `update` opens the next one, `errors` leaves it open. */
    async submit(user: string, viewId: string, values: Record<string, string>) {
      const view = mustBeOpen(viewId);
      Object.assign(view.entered, enteredIn(view, values));
      const state = stateOf(view, view.entered);
      const kept = keptBack(view, state);
      if (kept.length > 0) throw new Error(`Slack does not send the form:\n${kept.join('\n')}`);
      const acked = await sockets.deliver('interactive', {
        type: 'view_submission',
        ...from(user),
        trigger_id: trigger(user),
        view: sentView(view),
        response_urls: [],
      });
      expectTaken(problemsOf(submissionAnswer(Object.keys(state)), acked.payload));
      const { response_action, view: next } = acked.payload as { response_action?: string; view?: Json };
      if (response_action === 'errors') return acked;
      views.delete(viewId);
      return response_action === 'update' ? { ...acked, next: openView(next!, user, view.entered) } : acked;
    },
    /** What an external select offers for what was typed. */
    async suggest(
      user: string,
      viewId: string,
      block: string,
      typed: string,
    ): Promise<{ text: Json; value: string }[]> {
      const acked = await sockets.deliver('interactive', {
        type: 'block_suggestion',
        ...from(user),
        action_id: 'input',
        block_id: block,
        value: typed,
        container: { type: 'view', view_id: viewId },
        view: views.get(viewId),
      });
      expectTaken(problemsOf(suggestionAnswer, acked.payload));
      return acked.payload.options as { text: Json; value: string }[];
    },
    async shortcut(user: string, channel: string, ts: string, callbackId: string) {
      const message = await find(channel, ts);
      const author = members.find(({ id }) => id === message?.user)?.name;
      const writer = users.find(({ name }) => name.toLowerCase() === author)?.id ?? message?.user;
      return sockets.deliver('interactive', {
        type: 'message_action',
        callback_id: callbackId,
        trigger_id: trigger(user),
        response_url: responseUrl(user, channel),
        message_ts: ts,
        user: about(user),
        channel: { id: channel, name: 'queue' },
        team: { id: TEAM, domain: 'lab' },
        token: 't',
        message: { ...message, user: writer },
      });
    },
    react: (user: string, channel: string, ts: string, reaction: string) =>
      sockets.deliver(
        'events_api',
        event({
          type: 'reaction_added',
          user,
          reaction,
          item: { type: 'message', channel, ts },
          item_user: 'U',
          event_ts: '1',
        }),
      ),
    userChanged: (user: string) =>
      sockets.deliver('events_api', event({ type: 'user_change', user: { id: user }, event_ts: '1' })),
    groupChanged: (id: string) =>
      sockets.deliver(
        'events_api',
        event({ type: 'subteam_members_changed', subteam_id: id, team_id: TEAM, event_ts: '1' }),
      ),
    openHome: (user: string) =>
      sockets.deliver(
        'events_api',
        event({ type: 'app_home_opened', user, channel: 'D1', tab: 'home', event_ts: '1' }),
      ),
  };
}

/** Slack shows an error in place of an answer that it does not take. */
function expectTaken(problems: string[]): void {
  if (problems.length > 0) throw new Error(`Slack does not take the answer:\n${problems.join('\n')}`);
}
