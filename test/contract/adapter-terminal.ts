import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { askRunningBot } from '../../adapters/terminal/client.ts';

import { createTerminalAdapter } from '../../adapters/terminal/server.ts';
import type { Reply } from '../../src/core/adapter.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { legible } from '../../src/core/unseen.ts';
import { createFileStore } from '../../src/store/files.ts';
import { eventually } from '../helpers.ts';
import { ADA, type AdapterHarness, type House, type Shown } from './adapter-harness.ts';

const NO_TIMELINE = 'answers only';

/** The terminal, over its real socket: it answers whoever types there and tells nothing by itself. */
export const harness: AdapterHarness = {
  missing: {
    'posts a message': NO_TIMELINE,
    'edits it in place': NO_TIMELINE,
    'has a thread below a message': NO_TIMELINE,
    'shows an image, and another in its place': NO_TIMELINE,
    'takes a button as a command with its options': NO_TIMELINE,
    'does once what is pressed or sent twice, over a restart too': NO_TIMELINE,
    'asks before what cannot be taken back': '--yes, y/N',
    'closes a question in its own place when it is answered': NO_TIMELINE,
    'closes a question in its own place that nobody has pressed': NO_TIMELINE,
    'shows what a button refreshes in its place': NO_TIMELINE,
    'fills a form': 'flags',
    'answers everybody, and edits that answer': NO_TIMELINE,
    'gives a long text whole': NO_TIMELINE,
    'finds by its key what was sent when the answer was lost': NO_TIMELINE,
    'tells whom it means, and nobody else': NO_TIMELINE,
    'goes on after a restart with the same database': NO_TIMELINE,
    'says of a message that is gone that it is gone': NO_TIMELINE,
    'lets nothing that people wrote act': NO_TIMELINE,
  },
  async open(house: House) {
    const socketPath = join(house.folder, 'terminal.sock');
    const adapter = createTerminalAdapter({
      socketPath,
      person: () => ADA,
      agent: () => ADA,
      agentSettings: () => ({ presets: [], queues: [], mayPropose: [], agents: [] }),
      fileAt: async () => undefined,
      timezone: () => 'UTC',
      webLink: () => undefined,
    });
    await adapter.start(house.handlers);
    const replies: Reply[] = [];
    let hangsUp = false;
    const { pathOf } = createFileStore(house.folder);
    const notThere = () => {
      throw new Error('a terminal has nothing to press');
    };

    const shown = ({ message }: Reply, index: number): Shown => ({
      id: String(index),
      text: legible(plainText(message, { pathOf })),
      buttons: [],
      images: 0,
      files: message.blocks.flatMap((block) =>
        block.kind === 'file' ? [{ name: block.name, text: readFileSync(pathOf(block.file)!, 'utf8') }] : [],
      ),
      acted: { notified: [], links: [], formatting: [] },
    });
    return {
      channel: 'terminal',
      unknownId: '1',
      adapter,
      timeline: async () => [],
      thread: async () => [],
      // Interim answers pass by on stderr.
      privately: async () => replies.filter(({ final }) => final).map(shown),
      async command(words) {
        const asked = { argv: words.split(' '), yes: false };
        if (!hangsUp) return askRunningBot(socketPath, asked, (reply) => replies.push(reply));
        const before = house.asked.length;
        const socket = request({ socketPath, path: '/invoke', method: 'POST' }).on('error', () => {});
        socket.end(JSON.stringify(asked));
        await eventually('it was asked', () => house.asked.length > before);
        socket.destroy();
      },
      failAnswers() {
        hangsUp = true;
      },
      press: notThere,
      openForm: notThere,
      loseNextAnswer: notThere,
      restart: async () => {},
      stop: () => adapter.stop(),
    };
  },
};
