import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import type { Message } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { enterWeb, startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { toyQueue } from '../toy-bot.ts';

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
const LOOP = /^## The loop\n([\s\S]*?)\n## /m.exec(README)![1]!;
const LINES = LOOP.split('\n').filter((line) => /^\d+\. /.test(line));
const PRESETS = /```yaml\n(presets:[\s\S]*?)```/.exec(README)![1]!;

/** What a line of the loop tells people to type: its code that begins with a command. */
function commandsOf(line: string): string[] {
  const code = [...line.matchAll(/`([^`]+)`/g)].map(([, words]) => words!);
  return code.filter((words) => COMMANDS.some(({ name }) => name === words.split(' ')[0]));
}

const folder = temporaryFolder();
let bot: Awaited<ReturnType<typeof startTestBot>>;

beforeAll(async () => {
  bot = await startTestBot({
    folder,
    home: folder,
    yaml: `watch: {defaults: false}\n${PRESETS.replace('~/project', folder)}`,
    queue: () => toyQueue(folder, 0.3),
  });
});
afterAll(() => bot.app.stop());

it("the README's six lines run as they stand, in a new session, on its own preset", async () => {
  const [session, plan, queue, ends, verdict, onward] = LINES.map(commandsOf);
  expect([LINES.length, ends]).toEqual([6, []]);
  const typed = async (words: string, thread?: string) => {
    const reply = await bot.ask(words, thread === undefined ? {} : { thread });
    expect([words, reply.ok, plainText(reply.message)]).toEqual([words, true, expect.any(String)]);
    return reply;
  };
  await typed(session![0]!);
  expect((await typed(plan![0]!)).data).toMatchObject({ row: { experiment_id: 'base' } });
  const { jobId } = (await typed(queue![0]!)).data as { jobId: string };

  const reader = await enterWeb(bot);
  const said = ({ message }: { message: Message }) => plainText(message);
  const isCard = ({ message }: ChatMessage) => message.blocks[0]?.kind === 'heading';
  const card = await eventually('its card', async () => {
    const { messages } = await reader.get<{ messages: ChatMessage[] }>('messages?channel=queue');
    return messages.find((message) => isCard(message) && said(message).split('\n')[0]!.includes(jobId));
  });
  await eventually('its reading', async () => {
    const thread = await reader.get<{ messages: ChatMessage[] }>(`thread?root=${card.id}`);
    return thread.messages.some((message) => said(message).includes('Proposed reading'));
  });

  const { row } = (await typed(verdict![0]!, String(card.id))).data as { row: Record<string, string> };
  expect(row).toMatchObject({ experiment_id: 'base', result_summary: 'confirmed: …', next_action: '…' });
  const [suggest, report] = onward!;
  expect((await typed(suggest!)).data).toMatchObject({ suggestions: [{ parent: 'base' }] });
  expect((await typed(report!)).data).toMatchObject({ path: expect.stringContaining('lr-study') });
});
