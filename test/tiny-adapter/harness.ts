import { readFileSync } from 'node:fs';
import type { Button, Message } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { createFileStore } from '../../src/store/files.ts';
import type { AdapterHarness, Shown } from '../contract/adapter-harness.ts';
import { createTinyChat, PREFIX, type TinyMessage } from './chat.ts';
import { createTinyAdapter } from './index.ts';

const ACCOUNT = 't-ada';
const CHANNEL = 'room-1';

/** The tiny chat, as whoever is in its room sees it. */
export const harness: AdapterHarness = {
  missing: {
    'shows an image, and another in its place': 'text only',
    'fills a form': 'text only',
  },
  async open(house) {
    const chat = createTinyChat([CHANNEL]);
    const { pathOf } = createFileStore(house.folder);
    const create = () => createTinyAdapter(chat, house.ports('tiny', ACCOUNT, CHANNEL));
    let adapter = create();
    await adapter.start(house.handlers);

    const shown = (id: string, message: Message, notified: string[] = []): Shown => ({
      id,
      text: plainText(message),
      buttons: buttonsOf(message).map(({ label }) => label),
      images: 0,
      files: message.blocks.flatMap((block) =>
        block.kind === 'file' ? [{ name: block.name, text: readFileSync(pathOf(block.file)!, 'utf8') }] : [],
      ),
      acted: { notified, links: [], formatting: [] },
    });
    const seen = ({ id, message, notified }: TinyMessage) => shown(id, message, notified);

    return {
      channel: CHANNEL,
      unknownId: '1',
      get adapter() {
        return adapter;
      },
      timeline: async () => chat.in(CHANNEL).map(seen),
      thread: async ({ id }) => chat.in(CHANNEL, id).map(seen),
      privately: async () => chat.privately.map(({ message }, index) => shown(String(index), message)),
      command: (words) =>
        chat.act({ account: ACCOUNT, channel: CHANNEL, root: null, act: { typed: `${PREFIX}${words}` } }),
      async press(where, label) {
        const has = ({ message }: { message: Message }) =>
          buttonsOf(message).some((each) => each.label === label);
        const found = where === 'private' ? chat.privately.find(has) : chat.messages.find(has);
        const { command, options, replaces } = buttonsOf(found!.message).find(
          (each) => each.label === label,
        )!;
        const root = found && 'id' in found ? (found as TinyMessage).id : null;
        const told = where === 'private' ? chat.privately.findIndex(has) : undefined;
        const act = { command, options, replaces: replaces === true };
        await chat.act({ account: ACCOUNT, channel: CHANNEL, root, told, act });
      },
      openForm: () => {
        throw new Error('the tiny chat has no forms');
      },
      failAnswers: chat.refuseNext,
      loseNextAnswer: chat.loseNextAnswer,
      async restart() {
        await adapter.stop();
        adapter = create();
        await adapter.start(house.handlers);
      },
      stop: () => adapter.stop(),
    };
  },
};

function buttonsOf({ blocks }: Message): Button[] {
  return blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
}
