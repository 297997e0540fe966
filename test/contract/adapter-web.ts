import { DeliveryError, type Modal, type Reply } from '../../src/core/adapter.ts';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import type { Button, FileRef, Message } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { createFileStore } from '../../src/store/files.ts';
import { createTestWeb } from '../web-adapter.ts';
import { createWebClient } from '../web-client.ts';
import { ADA, type AdapterHarness, type House, type Shown } from './adapter-harness.ts';

/** The web chat, as a page sees it over HTTP. What its page does with a message's text is the browser tests' matter. */
export const harness: AdapterHarness = {
  missing: {},
  async open(house: House) {
    let web = create();
    await web.start(house.handlers);
    let browser = await enter();
    /** What a page shows to Ada alone, by what she asked. */
    const privates = new Map<string, Reply>();
    const show = ({
      interaction,
      reply,
      isEdit,
    }: {
      interaction: string;
      reply: Reply;
      isEdit?: boolean;
    }) => {
      if (isEdit && !privates.has(interaction)) return;
      if (!privates.get(interaction)?.final || reply.final) privates.set(interaction, reply);
    };
    let page = listen();
    let lose = false;
    let forms = 0;

    function create() {
      return createTestWeb(house.db, {
        personById: (id) => (id === ADA.id ? ADA : undefined),
        fileAt: async (file) => createFileStore(house.folder).pathOf(file),
        about: () => ({ hostLabel: 'test', simulated: true }),
      });
    }
    async function enter() {
      const client = createWebClient(web.entry.url());
      await client.enter(web.entry.createLink(ADA.id));
      return client;
    }
    /** Ada's page, which hears what is for her alone. */
    function listen() {
      const aborted = new AbortController();
      const hear = async () => {
        const { body } = await browser.ask('api/stream', { signal: aborted.signal });
        let text = '';
        for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
          text += chunk;
          const events = text.split('\n\n');
          text = events.pop()!;
          for (const event of events)
            if (event.startsWith('event: private\ndata: ')) show(JSON.parse(event.split('data: ')[1]!));
        }
      };
      hear().catch(() => {});
      return { close: () => aborted.abort() };
    }
    const alone = () => [...privates.values()].map(({ message }) => message);
    async function request<T>(path: string, body?: unknown): Promise<T> {
      type Given = T & { error?: { message: string } };
      const given =
        body === undefined ? await browser.get<Given>(path) : await browser.post<Given>(path, body);
      if (given.error) throw new Error(given.error.message);
      return given;
    }
    async function shown(id: string, message: Message): Promise<Shown> {
      const files = message.blocks.flatMap((block) => (block.kind === 'file' ? [block] : []));
      return {
        id,
        text: plainText(message),
        buttons: buttonsOf(message).map(({ label }) => label),
        images: message.blocks.filter(({ kind }) => kind === 'image').length,
        files: await Promise.all(files.map(async ({ name, file }) => ({ name, text: await contents(file) }))),
        acted: {
          notified: message.blocks.flatMap((block) => (block.kind === 'text' ? mentions(block.text) : [])),
          links: [],
          formatting: [],
        },
      };
    }
    async function contents({ file }: FileRef): Promise<string> {
      return (await browser.ask(`api/files/${file}`)).text();
    }
    const say = async (path: string, body: object) => {
      const { interaction, reply } = await request<{ interaction: string; reply: Reply | null }>(path, {
        channel: 'queue',
        ...body,
      });
      if (reply) show({ interaction, reply });
    };
    const messages = async () =>
      (await request<{ messages: ChatMessage[] }>('messages?channel=queue')).messages;
    const button = async (where: 'timeline' | 'private', label: string) => {
      const answers = [...privates].map(([id, { message }]) => ({ on: `answer-${id}`, root: null, message }));
      const posted = (await messages()).map(({ id, message }) => ({
        on: `message-${id}`,
        root: id,
        message,
      }));
      const has = ({ message }: { message: Message }) =>
        buttonsOf(message).some((each) => each.label === label);
      const { on, root, message } = (where === 'private' ? answers : posted).find(has)!;
      const found = buttonsOf(message).find((each) => each.label === label)!;
      const press = { kind: 'button', id: on, replaces: found.replaces === true };
      return { thread: root ?? posted[0]?.root ?? null, press, ...found };
    };

    return {
      channel: 'queue',
      unknownId: '1',
      get adapter() {
        return {
          ...web,
          post: async (...args: Parameters<typeof web.post>) => {
            const ref = await web.post(...args);
            if (!lose) return ref;
            lose = false;
            throw new DeliveryError('doubtful', 'the answer was lost');
          },
        };
      },
      timeline: async () =>
        Promise.all((await messages()).map(({ id, message }) => shown(String(id), message))),
      thread: async ({ id }) =>
        Promise.all(
          (await request<{ messages: ChatMessage[] }>(`thread?root=${id}`)).messages.map((each) =>
            shown(String(each.id), each.message),
          ),
        ),
      privately: () => Promise.all(alone().map((message, index) => shown(String(index), message))),
      command: (words) => say('say', { text: `/xax ${words}` }),
      async press(where, label) {
        const { command, options, thread, press } = await button(where, label);
        await say('act', { command, options, thread, press });
      },
      async openForm(label) {
        const { command, options } = await button('timeline', label);
        const form = await request<Modal>('form', { channel: 'queue', command, options });
        forms += 1;
        const press = { kind: 'form', id: `form-${forms}` };
        return {
          fields: Object.keys(form.fields),
          fill: (values) =>
            say('act', {
              command: form.command,
              options: { ...form.fixed, ...form.values, ...values },
              press,
            }),
        };
      },
      // The disk is full until the answer has been tried.
      failAnswers() {
        house.db.exec(
          `CREATE TRIGGER IF NOT EXISTS full BEFORE INSERT ON web_messages BEGIN SELECT RAISE(FAIL, 'the disk is full'); END`,
        );
      },
      loseNextAnswer() {
        lose = true;
      },
      async restart() {
        page.close();
        await web.stop();
        web = create();
        await web.start(house.handlers);
        browser = await enter();
        page = listen();
      },
      async stop() {
        page.close();
        await web.stop();
      },
    };
  },
};

function buttonsOf(message: Message): Button[] {
  return message.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
}

function mentions(text: unknown): string[] {
  const pieces = Array.isArray(text) ? text : [text];
  return pieces.flatMap((piece) => (piece?.mention === ADA.id ? [String(piece.mention)] : []));
}
