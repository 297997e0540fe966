import type { Invocation, Reply } from '../src/core/adapter.ts';
import type { ChatMessage } from '../src/core/chat-store.ts';
import type { Job } from '../src/core/job.ts';
import type { Button } from '../src/core/message.ts';
import type { Person } from '../src/core/person.ts';
import { plainText } from '../src/core/plain-text.ts';
import { createSimulatedQueue, type SimulatedQueue } from '../src/queue/simulated/index.ts';
import { enterWeb, startTestBot } from './bot.ts';

export const CLAUDE: Person = { id: 'claude', name: 'Claude', role: 'agent' };
export const ADA: Person = { id: 'ada', name: 'Ada', role: 'admin' };
export const BOB: Person = { id: 'bob', name: 'Bob', role: 'operator' };
export const EVE: Person = { id: 'eve', name: 'Eve', role: 'viewer' };

export interface Said {
  text: string;
  buttons: Button[];
}

/**
 * A bot on a simulated queue, with people and an agent; `agents` is what stands below that key of the settings, and
 * `more` is further settings, and `role` what the agent is by now.
 */
export async function startAgentsBot(
  folder: string,
  agents = '{}',
  more = '',
  launchedSeconds = 60,
  role = 'agent',
  env: NodeJS.ProcessEnv = {},
) {
  let queue: SimulatedQueue;
  const yaml = `host: g1
kill: {grace_seconds: 0.2}
agents: ${agents}
people:
  ada: {name: Ada, role: admin}
  bob: {name: Bob, role: operator}
  eve: {name: Eve, role: viewer}
  claude: {name: Claude, role: ${role}}
presets:
  toy:
    description: a small regression
    cwd: ${folder}
    argv: [python, -m, examples.toy]
    options:
      learning_rate: {type: number, min: 0, max: 1, default: 0.01}
      optimizer: {type: choice, choices: [adam, sgd]}
${more}`;
  const bot = await startTestBot({
    folder,
    home: folder,
    yaml,
    env,
    queue: () => {
      const script = { history: [], waiting: [], later: [] };
      const simulated = { name: 'g1', folder, script, seed: 1, clock: Date.now, tickMs: 20 };
      queue = createSimulatedQueue({ ...simulated, launchedSeconds });
      return queue;
    },
  });
  const { handlers } = bot.app;

  async function invoke(
    person: Person,
    input: Invocation['input'],
    more: Partial<Invocation> = {},
  ): Promise<Reply> {
    let last: Reply | undefined;
    await handlers.invoke({ adapter: 'web', channel: 'queue', person, input, ...more }, async (reply) => {
      last = reply;
    });
    return last!;
  }

  const read = async (path: string): Promise<(Said & { id: number; replies: number })[]> => {
    const reader = await enterWeb(bot, 'ada');
    const { messages } = await reader.get<{ messages: ChatMessage[] }>(path);
    return messages.map(({ id, replies, message }) => ({
      id,
      replies,
      text: plainText(message),
      buttons: message.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])),
    }));
  };

  return {
    bot,
    queue: queue!,
    ask: (person: Person, words: string, more?: Partial<Invocation>) =>
      invoke(person, { kind: 'text', words }, more),
    /** Presses a button as the platforms do: its command with its options. */
    press: (person: Person, { command, options }: Button) =>
      invoke(person, { kind: 'options', command, options }),
    enqueue: async (seconds: number): Promise<Job> => {
      const job = queue.enqueue({
        taskKey: 'examples.toy.ToyRegression',
        settings: {},
        steps: 100,
        seconds,
        fate: 'completes',
      });
      await bot.app.settled();
      return job;
    },
    /** Ends every job. */
    clear: async (): Promise<void> => {
      for (const job of [...queue.snapshot()!.jobs.values()].reverse()) {
        if (job.status === 'queued') await queue.cancel(job);
        if (job.status === 'running') await queue.kill(job, { graceMs: 10 });
      }
      await bot.app.settled();
    },
    /** What stands in the channel, oldest first. */
    channel: async (channel = 'queue'): Promise<Said[]> => {
      await bot.app.settled();
      return read(`messages?channel=${channel}&limit=200`);
    },
    /** What was said in a job's thread, oldest first. */
    thread: async (job: Job): Promise<Said[]> => {
      await bot.app.settled();
      const cards = await read('messages?channel=queue&limit=200');
      const card = cards.find(({ text, replies }) => replies > 0 && text.includes(job.jobId));
      return card ? read(`thread?root=${card.id}`) : [];
    },
    /** What was said in the thread of the session's card, oldest first; without a name of the only one. */
    sessionThread: async (name = ''): Promise<Said[]> => {
      await bot.app.settled();
      const cards = await read('messages?channel=queue&limit=200');
      const card = cards.find(({ text }) => text.startsWith(`Session ${name}`));
      return card ? read(`thread?root=${card.id}`) : [];
    },
    audit: () =>
      bot.app.parts.db
        .prepare('SELECT person, command, outcome, approved_by FROM audit ORDER BY id')
        .all() as {
        person: string;
        command: string;
        outcome: string;
        approved_by: string | null;
      }[],
  };
}

export type AgentsBot = Awaited<ReturnType<typeof startAgentsBot>>;

export const words = (reply: Reply): string => plainText(reply.message);
