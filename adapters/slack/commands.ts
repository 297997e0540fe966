import type { App } from '@slack/bolt';
import type { AdapterHandlers } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { tooOld } from '../../src/core/press.ts';
import type { Accounts } from './accounts.ts';
import type { SlackClient } from './client.ts';
import { commandListView } from './modal.ts';
import type { Requests, SlackRequest } from './requests.ts';
import { fromSlackText } from './text.ts';

/** The slash command of slack-manifest.yaml. */
export const SLASH_COMMAND = '/xax';

/** Takes the slash command and the buttons. Each is acknowledged first, then worked on. */
export function addCommands(
  app: App,
  requests: Requests,
  deps: {
    handlers: AdapterHandlers;
    client: SlackClient;
    accounts: Pick<Accounts, 'nameOf'>;
    ports: Pick<AdapterPorts, 'actions'>;
    showHome(user: string): Promise<void>;
  },
): void {
  const { handlers, client, accounts, ports } = deps;
  const { personAt, sealedFor, invoke, work, openForm, originOf, editPressed } = requests;

  app.command(SLASH_COMMAND, async ({ ack, command }) => {
    await ack();
    const request: SlackRequest = {
      user: command.user_id,
      team: command.team_id,
      channel: command.channel_id,
      responseUrl: command.response_url,
      press: { kind: 'words', id: command.trigger_id },
    };
    const words = fromSlackText(command.text ?? '', accounts.nameOf).trim();
    work(request, async () => {
      if (words !== '') return invoke(request, { kind: 'text', words });
      const person = await personAt(request);
      const view = sealedFor(request, commandListView(handlers.commandsFor(person), originOf(request)));
      await client.call('views.open', { trigger_id: command.trigger_id, view });
    });
  });

  app.action({ type: 'block_actions' }, async ({ ack, body, action }) => {
    // What is done within a form is the form's.
    if (body.view?.type === 'modal') return;
    await ack();
    if (action.type !== 'button') return;
    const { container } = body as { container?: Container };
    const channel = body.channel?.id ?? null;
    const press = { kind: 'button' as const, id: pressedOn(channel, container, body.user.id) };
    const request: SlackRequest = {
      user: body.user.id,
      team: body.user.team_id,
      channel,
      thread: channel === null ? undefined : (container?.thread_ts ?? container?.message_ts),
      isInThread: isReply(container),
      responseUrl: body.response_url,
      press,
    };
    const isEphemeral = container?.is_ephemeral === true;
    // What is shown to one person alone has no thread of its own.
    if (isEphemeral && container?.thread_ts === undefined) request.thread = undefined;
    work(request, async () => {
      const known = ports.actions.byId(action.value ?? '');
      if (!known) throw tooOld('button', handlers.typed('slack', 'help'));
      const { command, options, form, replaces } = known;
      if (form) return openForm(request, body.trigger_id, command, options);
      const on = { channel, ts: container?.message_ts ?? '', isEphemeral, responseUrl: body.response_url };
      const edit = replaces ? editPressed(on) : undefined;
      await invoke({ ...request, press: { ...press, edit } }, { kind: 'options', command, options });
      // What was done is done, whether the tab can be drawn anew or not; it is drawn again by itself.
      if (channel === null) await deps.showHome(request.user).catch(() => {});
    });
  });
}

/** What a button stands on: a message, or a view. */
interface Container {
  thread_ts?: string;
  message_ts?: string;
  view_id?: string;
  is_ephemeral?: boolean;
}

/** Names the message or the view; each reader has a Home of their own. */
function pressedOn(channel: string | null, container: Container | undefined, user: string): string {
  return `${channel ?? user}/${container?.message_ts ?? container?.view_id ?? ''}`;
}

/** Whether a message stands in a thread, rather than above it. */
function isReply({ thread_ts, message_ts }: { thread_ts?: string; message_ts?: string } = {}): boolean {
  return thread_ts !== undefined && thread_ts !== message_ts;
}
