import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SOCKET_NAME } from '../../adapters/terminal/protocol.ts';
import type { Step } from '../../src/app/lifecycle.ts';
import { type BotOverrides, type Running, startBot } from '../../src/cli/bot.ts';
import type { Config } from '../../src/config/config.ts';
import { createXaxQueue } from '../../src/queue/xax/index.ts';
import { openDb } from '../../src/store/db.ts';
import { acquireLock } from '../../src/store/lock.ts';
import { createRecordedHome, STATES, testConfig } from '../bot.ts';
import { xaxOf } from '../config/load.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

/** What keeps a process alive, or its files busy, and is opened by us only. */
const KINDS = ['FSEventWrap', 'StatWatcher', 'TCPServerWrap', 'PipeServerWrap', 'ProcessWrap', 'Timeout'];

/** How much of the machine this process holds: handles of each kind, open files of a folder, and children. */
function held(folder: string): Record<string, number> {
  const active = process.getActiveResourcesInfo();
  const files = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return [];
    }
  });
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8');
  return {
    ...Object.fromEntries(KINDS.map((kind) => [kind, active.filter((each) => each === kind).length])),
    files: files.filter((path) => path.startsWith(folder)).length,
    children: children.split(' ').filter((pid) => pid !== '').length,
  };
}

/** One step fails: instead of its start, or right after it, when it holds all that it takes. */
function failing(name: string, when: 'at once' | 'late') {
  return (steps: readonly Step[]): Step[] =>
    steps.map((step) => ({
      ...step,
      async start() {
        if (step.name !== name || when === 'late') await step.start?.();
        if (step.name === name) throw new Error(`${name} fails`);
      },
    }));
}

describe('a start that fails', () => {
  let config: Config;
  let before: ReturnType<typeof held>;
  beforeEach(() => {
    const folder = temporaryFolder();
    const recorded = createRecordedHome(folder);
    recorded.show(STATES.at(-1)!);
    recorded.beat();
    config = testConfig({ folder, home: recorded.home });
    before = held(config.dataDir);
  });

  const start = (overrides: BotOverrides = {}): Promise<Running> =>
    startBot(
      config,
      [createXaxQueue({ ...xaxOf(config), env: config.childEnv, clock: Date.now, log: quietLog })],
      quietLog,
      overrides,
    );

  /** The folder is free, and this process holds nothing that it did not hold before. */
  async function nothingIsLeft(what: string): Promise<void> {
    const { dataDir } = config;
    expect(existsSync(join(dataDir, SOCKET_NAME)), what).toBe(false);
    acquireLock(dataDir, 0).release();
    const db = openDb(dataDir);
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    db.close();
    let now = held(config.dataDir);
    await eventually(`${what}: everything is given back`, () => {
      now = held(config.dataDir);
      return Object.entries(now).every(([kind, count]) => count <= before[kind]!);
    }).catch((error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify({ before, now })}`);
    });
  }

  it('leaves no lock, database, socket, handle or child behind, whichever step it is', async () => {
    const names: string[] = [];
    const { app } = await start({
      steps(steps) {
        names.push(...steps.map(({ name }) => name));
        return steps;
      },
    });
    await app.stop();
    await nothingIsLeft('a whole start and stop');
    expect(names).toContain('terminal');
    for (const name of names)
      for (const when of ['at once', 'late'] as const) {
        await expect(start({ steps: failing(name, when) })).rejects.toThrow(`${name} fails`);
        await nothingIsLeft(`${name} ${when}`);
      }
  });

  it('leaves nothing behind where another has the folder, its database is newer, or an adapter cannot be made', async () => {
    const other = acquireLock(config.dataDir, 0);
    await expect(start({ timings: { app: { lockWaitMs: 10 } } })).rejects.toThrow(/Another xaxbot is using/);
    other.release();
    await nothingIsLeft('the lock');
    const db = openDb(config.dataDir);
    const version = db.pragma('user_version', { simple: true });
    db.pragma('user_version = 9999');
    await expect(start()).rejects.toThrow(/knows versions up to/);
    db.pragma(`user_version = ${version}`);
    db.close();
    await nothingIsLeft('the database');
    const broken = { ...config, channels: null as never };
    await expect(
      startBot(
        broken,
        [createXaxQueue({ ...xaxOf(config), env: {}, clock: Date.now, log: quietLog })],
        quietLog,
      ),
    ).rejects.toThrow();
    await nothingIsLeft('a part that cannot be made');
  });

  describe('and a stop that fails', () => {
    let running: Running | undefined;
    afterEach(() => running?.app.stop().catch(() => {}));

    it('stops all the rest, and says what failed', async () => {
      const stopsBadly = (step: Step): Step => ({
        ...step,
        async stop() {
          await step.stop?.();
          throw new Error(`${step.name} fails`);
        },
      });
      running = await start({
        steps: (steps) =>
          steps.map((step) => (['the queue', 'web'].includes(step.name) ? stopsBadly(step) : step)),
      });
      const error = await running.app.stop().catch((failed: unknown) => failed);
      expect(error).toBeInstanceOf(AggregateError);
      expect((error as AggregateError).errors.map(({ message }) => message)).toEqual([
        'the queue fails',
        'web fails',
      ]);
      await nothingIsLeft('a stop that failed');
    });
  });
});
