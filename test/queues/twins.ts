import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { SomeTimings } from '../../src/app/timings.ts';
import type { Reply } from '../../src/core/adapter.ts';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import type { Command } from '../../src/core/command.ts';
import type { Job } from '../../src/core/job.ts';
import type { Button } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { Queue } from '../../src/core/queue.ts';
import type { SimulatedQueue } from '../../src/queue/simulated/index.ts';
import { enterWeb, startTestBot } from '../bot.ts';
import { temporaryFolder } from '../helpers.ts';
import { ADA, buttonsOf, type Settings, toyQueue } from '../toy-bot.ts';

/** A bot on two simulated queues, `left` and `right`, whose jobs have the same ids. */
export async function twins({
  settings = {},
  timings = {},
  right = (queue) => queue,
  commands,
}: {
  settings?: Settings;
  timings?: SomeTimings;
  /** The second queue as the bot has it. */
  right?: (queue: Queue) => Queue;
  /** By default the bot's own. */
  commands?: readonly Command[];
} = {}) {
  const folder = temporaryFolder();
  const queueIn = (name: string) => {
    mkdirSync(join(folder, name));
    return toyQueue(join(folder, name), 60, name);
  };
  const queues = { left: queueIn('left'), right: queueIn('right') };
  const yaml = (names: readonly (keyof typeof queues)[]) =>
    stringify({
      watch: { defaults: false },
      kill: { grace_seconds: 0.2 },
      queues: names.map((name) => ({ name, kind: 'simulated', script: 'empty' })),
      people: {
        ada: { name: 'Ada', role: 'admin', unix: 'root' },
        claude: { name: 'Claude', role: 'agent' },
      },
      presets: {
        toy: {
          cwd: folder,
          argv: ['python', '-m', 'examples.toy'],
          options: { learning_rate: { type: 'number', default: 0.01 } },
        },
      },
      ...settings,
    });
  const start = (names: readonly (keyof typeof queues)[]) =>
    startTestBot({
      folder,
      home: folder,
      yaml: yaml(names),
      timings,
      ...(commands ? { commands } : {}),
      queues: () => names.map((name) => (name === 'left' ? queues.left : right(queues.right))),
    });
  const bot = await start(['left', 'right']);
  const invoke = async (input: Parameters<typeof bot.app.handlers.invoke>[0]['input'], person = ADA) => {
    let last: Reply | undefined;
    await bot.app.handlers.invoke({ adapter: 'web', channel: 'queue', person, input }, async (reply) => {
      last = reply;
    });
    return last!;
  };
  const words = ({ message }: Reply) => plainText(message, { now: Date.now() });

  return {
    folder,
    bot,
    ...queues,
    /** Somebody as the settings have them. */
    person: (id: string) => bot.app.parts.people.byId(id)!,
    ask: (typed: string, person = ADA) => invoke({ kind: 'text', words: typed }, person),
    said: async (typed: string, person = ADA) => words(await invoke({ kind: 'text', words: typed }, person)),
    press: ({ command, options }: Button, person = ADA) =>
      invoke({ kind: 'options', command, options }, person),
    words,
    /** The button of a message that is so labelled. */
    button({ message }: Pick<Reply, 'message'>, label: string): Button {
      const all = buttonsOf({ message });
      const found = all.find((each) => each.label === label);
      if (!found) throw new Error(`no button "${label}" among ${all.map((each) => each.label).join(', ')}`);
      return found;
    },
    /** One job that runs and two that wait, in each queue. */
    async fill(): Promise<void> {
      for (const queue of Object.values(queues)) for (let job = 0; job < 3; job += 1) enqueue(queue);
      await bot.app.settled();
    },
    enqueue,
    /** What stands in the channel. */
    async channel(): Promise<string[]> {
      const reader = await enterWeb(bot, 'ada');
      const { messages } = await reader.get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=200');
      return messages.map(({ message }) => plainText(message, { now: Date.now() }));
    },
    /** How a job stands, by its number. */
    status: (queue: SimulatedQueue, number: number) =>
      queue.snapshot()!.jobs.get(`job-${String(number).padStart(7, '0')}`)?.status,
    /** As after a restart without the second queue in the settings. */
    async withoutRight() {
      await bot.app.stop();
      return start(['left']);
    },
    stop: () => bot.app.stop(),
  };
}

function enqueue(queue: SimulatedQueue): Job {
  return queue.enqueue({
    taskKey: 'examples.toy.ToyRegression',
    settings: {},
    steps: 1000,
    seconds: 600,
    fate: 'completes',
  });
}
