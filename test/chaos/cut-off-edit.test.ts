import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askRunningBot } from '../../adapters/terminal/client.ts';
import { SOCKET_NAME } from '../../adapters/terminal/protocol.ts';
import type { Reply } from '../../src/core/adapter.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { startTestBot } from '../bot.ts';
import { startXax, type XaxHarness } from '../contract/xax-harness.ts';
import { findPython, standIn } from '../contract/xax-places.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { readerOf } from '../notify/told.ts';
import type { RawState } from '../queue/xax/helpers.ts';
import { crash, spawnBot } from './bot-process.ts';

const python = await findPython();
const ROUNDS = 5;

describe.skipIf(python === undefined)('a change of a waiting job that a crash of the bot cut off', () => {
  let xax: XaxHarness;
  const folder = temporaryFolder();
  beforeAll(async () => {
    xax = await startXax(standIn(python!));
    await xax.enqueue({ seconds: 3_600 });
  }, 60_000);
  afterAll(() => xax?.close(), 60_000);

  it('is told as whoever’s it was when it was made, and not at all when it was not', async () => {
    const random = seededRandom(7);
    const { PATH: _, ...env } = xax.env;
    const more = { ...xax.env, ...env, XAX_HOME: xax.home };
    const socket = join(folder, 'data', SOCKET_NAME);
    const asked = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [cancelled, moved] = [await xax.enqueue({ seconds: 60 }), await xax.enqueue({ seconds: 60 })];
      const bot = await spawnBot(folder, xax.home, more);
      const ask = (...argv: string[]): Promise<Reply | undefined> => {
        let last: Reply | undefined;
        return askRunningBot(socket, { argv, yes: true }, (reply) => {
          last = reply;
        })
          .catch(() => {})
          .then(() => last);
      };
      const answers = [ask('cancel', cancelled.jobId), ask('move', moved.jobId, '1')];
      await sleep(round * 200 + random() * 200);
      await crash(bot);
      await Promise.all(answers);
      asked.push({ cancelled, moved });
    }
    // What a crash has left behind may still change the queue.
    await sleep(1_000);
    const state = JSON.parse(readFileSync(join(xax.home, 'queue_state.json'), 'utf8')) as RawState;
    const bot = await startTestBot({ folder, home: xax.home, env: more });
    try {
      const read = await readerOf(bot);
      await eventually('all is told', async () => {
        await read();
        return bot.app.waiting() === 0;
      });
      const { threads } = await read();
      const done: string[] = [];
      for (const { cancelled, moved } of asked) {
        const status = String(state.jobs[cancelled.jobId]!.status);
        const told = (threads[cancelled.jobId] ?? []).filter((text) => /^job-\d+ cancelled/.test(text));
        const expected = expect.stringMatching(/^job-\d+ cancelled before it started by root, /);
        expect(told, cancelled.jobId).toEqual(status === 'cancelled' ? [expected] : []);
        done.push(status);
        const moves = (threads[moved.jobId] ?? []).filter((text) => /^job-\d+ moved/.test(text));
        expect(moves.join('\n')).not.toContain('outside chat');
      }
      expect(done).toContain('cancelled');
    } finally {
      await bot.app.stop();
    }
  }, 120_000);
});
