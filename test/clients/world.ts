import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { eventually, temporaryFolder } from '../helpers.ts';
import { BOB, toyBot, WITH_OPTIMIZER } from '../toy-bot.ts';
import { documentedStart } from './snippets.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Beyond the five seconds after which several clients give a call up. */
const DECISION_MS = 7_000;

/** A checkout with a running bot, a running job, and a person who approves a proposal after a while. */
export async function agentsWorld() {
  const folder = temporaryFolder();
  for (const name of ['bin', 'src', 'adapters', 'commands', 'package.json'])
    symlinkSync(join(ROOT, name), join(folder, name));
  writeFileSync(join(folder, '.env'), `XAX_HOME=${folder}\nXAXBOT_DATA_DIR=${join(folder, 'data')}\n`);
  const bot = await toyBot({ folder, settings: WITH_OPTIMIZER, launchedSeconds: 600 });
  await bot.ask('session new study metric=value/loss mode=min');
  const { jobId } = await bot.enqueue(600, { learning_rate: '0.01' });
  await eventually('a running job', () => bot.queue.snapshot()!.running.includes(jobId));
  const isWaiting = async () => {
    const { list } = (await bot.ask('proposals')).data as { list: { state: string }[] };
    return list[0]?.state === 'waiting';
  };
  let isOver = false;
  const approval = (async () => {
    while (!isOver && !(await isWaiting())) await new Promise((resolve) => setTimeout(resolve, 200));
    await new Promise((resolve) => setTimeout(resolve, isOver ? 0 : DECISION_MS));
    if (!isOver) await bot.ask('approve 1', BOB);
  })();
  return {
    folder,
    running: jobId,
    /** What is said of the run that was approved. */
    queued: () => bot.said('job 2'),
    async stop(): Promise<void> {
      isOver = true;
      await approval;
      await bot.stop();
    },
  };
}

/** The tools as the server tells them. */
export async function servedTools(folder: string): Promise<Tool[]> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioClientTransport(documentedStart(folder)));
  const { tools } = await client.listTools();
  await client.close();
  return tools;
}
