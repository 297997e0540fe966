import { type Adapter, DeliveryError, DIRECT } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { inlines, type Message } from '../../src/core/message.ts';
import type { Edit, Press } from '../../src/core/press.ts';
import type { MessageRef } from '../../src/core/request.ts';
import { PREFIX, type TinyChat, type TinyEvent, type TinyMessage } from './chat.ts';

type Ports = Pick<AdapterPorts, 'person' | 'accountOf'>;

/** The smallest adapter that does all that a chat of text can. */
export function createTinyAdapter(chat: TinyChat, ports: Ports): Adapter {
  const ref = ({ channel, id }: TinyMessage): MessageRef => ({ channel, id });
  const mentioned = ({ blocks }: Message) =>
    blocks
      .flatMap((block) => (block.kind === 'text' ? inlines(block.text) : []))
      .flatMap((piece) => (typeof piece === 'object' && 'mention' in piece ? [piece.mention] : []))
      .flatMap((person) => ports.accountOf(person) ?? []);

  function send(channel: string, root: string | null, message: Message, key: string): MessageRef {
    if (!chat.rooms.includes(channel) && !channel.startsWith(DIRECT))
      throw new DeliveryError('never', `the tiny chat has no channel ${channel}`);
    try {
      return ref(chat.post({ channel, root, message, key, notified: mentioned(message) }));
    } catch (error) {
      throw new DeliveryError('doubtful', (error as Error).message);
    }
  }

  const editTold =
    (account: string, told: number): Edit =>
    async (message) =>
      void chat.whisper(account, message, told);
  const editSaid =
    (id: string): Edit =>
    async (message) =>
      void chat.edit(id, message);

  function pressOf({ account, root, told, act }: TinyEvent): Press | undefined {
    if ('typed' in act) return undefined;
    const [id, edit] =
      told !== undefined ? [`told-${told}`, editTold(account, told)] : [root!, editSaid(root!)];
    return { kind: 'button', id, edit: act.replaces ? edit : undefined };
  }

  return {
    name: 'tiny',
    async start(handlers) {
      chat.listen(async (event: TinyEvent) => {
        const { account, channel, root, act } = event;
        let shown: MessageRef | undefined;
        let told: number | undefined;
        const words = 'typed' in act && act.typed.startsWith(PREFIX) ? act.typed.slice(PREFIX.length) : '';
        await handlers.invoke(
          {
            adapter: 'tiny',
            channel,
            ...(root === null ? {} : { thread: { channel, id: root } }),
            person: ports.person(
              { id: account, name: account, kind: 'member', groups: [] },
              { channel, isClosed: false },
            ),
            account: { id: account, name: account },
            press: pressOf(event),
            input:
              'typed' in act
                ? { kind: 'text', words }
                : { kind: 'options', command: act.command, options: act.options },
          },
          async ({ message, visibility }) => {
            if (shown) chat.edit(shown.id, message);
            else if (visibility === 'private') told = chat.whisper(account, message, told);
            else shown = send(channel, root, message, `reply:${crypto.randomUUID()}`);
            return visibility === 'private' ? editTold(account, told!) : editSaid(shown!.id);
          },
        );
      });
    },
    async stop() {
      chat.listen(undefined);
    },
    health: () =>
      chat.isHeard()
        ? { state: 'up', detail: `${chat.rooms.length} rooms` }
        : { state: 'off', detail: 'not started' },
    post: async ({ channel, thread }, message, key) => send(channel, thread?.id ?? null, message, key),
    async update({ id }, message) {
      if (!chat.edit(id, message)) throw new DeliveryError('gone', `the message ${id} does not exist`);
    },
    openThread: async (message) => message,
    async findByKey({ channel }, key) {
      const found = chat.messages.find((each) => each.channel === channel && each.key === key);
      return found && ref(found);
    },
  };
}
