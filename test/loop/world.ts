import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Invocation, Reply } from '../../src/core/adapter.ts';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import type { ExperimentRow } from '../../src/core/experiment.ts';
import type { Button } from '../../src/core/message.ts';
import type { Person } from '../../src/core/person.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { QueueWith } from '../../src/core/queue.ts';
import { createSimulatedQueue, type SimulatedQueue } from '../../src/queue/simulated/index.ts';
import { enterWeb, startTestBot } from '../bot.ts';
import { rowsOf } from '../experiments/world.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

export const ADA: Person = { id: 'ada', name: 'Ada', role: 'admin' };
export const BOB: Person = { id: 'bob', name: 'Bob', role: 'operator' };
export const CLAUDE: Person = { id: 'claude', name: 'Claude', role: 'agent' };

/**
 * A bot on a simulated queue, with people, an agent and two channels. `launcher` stands between the bot and the queue's
 * launcher, as one that takes longer; `settings` is more of the yaml.
 */
export async function startLoopBot({
  settings = '',
  launchedSeconds = 0.3,
  launcher = (launch) => launch,
}: {
  settings?: string;
  launchedSeconds?: number;
  launcher?: (launch: QueueWith<'launch'>['launch']) => QueueWith<'launch'>['launch'];
} = {}) {
  const folder = temporaryFolder();
  const project = join(folder, 'project');
  mkdirSync(project);
  let queue: SimulatedQueue | undefined;
  const yaml = (more: string) => `host: g1
watch: {defaults: false}
channels:
  - {id: queue}
  - {id: other, board: false}
people:
  ada: {name: Ada, role: admin, unix: root}
  bob: {name: Bob, role: operator}
  claude: {name: Claude, role: agent}
presets:
  toy:
    cwd: ${project}
    argv: [python, -m, examples.toy]
    options:
      learning_rate: {type: number, min: 0.00001, max: 1, default: 0.01}
${more}`;
  const start = (more = settings) =>
    startTestBot({
      folder,
      home: folder,
      yaml: yaml(more),
      queue() {
        queue ??= createSimulatedQueue({
          name: 'g1',
          folder,
          script: { history: [], waiting: [], later: [] },
          seed: 1,
          clock: Date.now,
          tickMs: 20,
          launchedSeconds,
        });
        return { ...queue, launch: launcher(queue.launch) };
      },
    });
  let bot = await start();

  async function invoke(input: Invocation['input'], person: Person, channel: string): Promise<Reply> {
    let last: Reply | undefined;
    await bot.app.handlers.invoke({ adapter: 'web', channel, person, input }, async (reply) => {
      last = reply;
    });
    return last!;
  }
  const ask = (words: string, person = ADA, channel = 'queue') =>
    invoke({ kind: 'text', words }, person, channel);
  const messages = async (path: string) => {
    await bot.app.settled();
    const reader = await enterWeb(bot, 'ada');
    return (await reader.get<{ messages: ChatMessage[] }>(path)).messages;
  };

  return {
    folder,
    queue: queue!,
    bot: () => bot,
    ask,
    /** The answer in words. */
    said: async (words: string, person = ADA, channel = 'queue') =>
      plainText((await ask(words, person, channel)).message),
    /** Presses a button as the platforms do: its command with its options. */
    press: ({ command, options }: Button, person = ADA, channel = 'queue') =>
      invoke({ kind: 'options', command, options }, person, channel),
    /** The log on disk once it holds what the database does. */
    async rows(session: string): Promise<Map<string, ExperimentRow>> {
      await bot.app.settled();
      return rowsOf(join(folder, 'experiments', session, 'experiment_log.csv'));
    },
    row: async (session: string, id: string) => {
      await bot.app.settled();
      return rowsOf(join(folder, 'experiments', session, 'experiment_log.csv')).get(id);
    },
    csv: (session: string) => join(folder, 'experiments', session, 'experiment_log.csv'),
    text: (session: string) =>
      readFileSync(join(folder, 'experiments', session, 'experiment_log.csv'), 'utf8'),
    /** How many jobs there were. */
    jobs: () => queue!.snapshot()!.jobs.size,
    ended: (jobId: string) =>
      eventually(`the end of ${jobId}`, () => queue!.snapshot()!.jobs.get(jobId)?.status === 'completed'),
    channel: async () =>
      (await messages('messages?channel=queue&limit=200')).map(({ message }) => plainText(message)),
    /** What was said in a job's thread. */
    async thread(jobId: string): Promise<string[]> {
      const cards = await messages('messages?channel=queue&limit=200');
      const card = cards.find(({ message }) => plainText(message).split('\n')[0]!.endsWith(jobId));
      if (!card) return [];
      return (await messages(`thread?root=${card.id}`)).map(({ message }) => plainText(message));
    },
    /** As after a restart, with other settings perhaps. */
    async restart(more = settings) {
      await bot.app.stop();
      bot = await start(more);
    },
    stop: () => bot.app.stop(),
  };
}

export type LoopBot = Awaited<ReturnType<typeof startLoopBot>>;

export function buttonsOf({ message }: Reply): Button[] {
  return message.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
}
