import {
  type FetchingStrategyOptions,
  type IShardingStrategy,
  managerToFetchingStrategyOptions,
  type WebSocketManager,
} from '@discordjs/ws';
import { Collection } from 'discord.js';
import { OpeningError } from '../../src/core/adapter.ts';
import { pauseAfter } from '../../src/core/backoff.ts';
import type { Log } from '../../src/core/log.ts';
import { type Clock, isoSeconds } from '../../src/core/time.ts';
import { type Connection, openConnection, SHARD } from './connection.ts';
import type { IdentifyBudget, SessionStartLimit } from './identify-budget.ts';
import { askedMs, unreached } from './setup-problems.ts';
import type { DiscordTimings } from './timings.ts';

/**
 * How discord.js is connected to the gateway: by one connection after another, each of which resumes the session of the
 * last, with growing pauses. The first attempt rejects `connect`, so that whoever opens the adapter says why; which may
 * say how long nothing may be tried.
 */
export function createConnections(
  manager: WebSocketManager,
  deps: {
    /** Aborted: nothing is connected any more, and what is connected is let go. */
    ended: AbortSignal;
    budget: IdentifyBudget;
    /** Why there is no connection at the moment, after there was one. */
    onDown(why: string): void;
    clock: Clock;
    log: Log;
    timings: DiscordTimings;
  },
): IShardingStrategy {
  const { ended, budget, clock, log, timings } = deps;
  const session = {
    get: async () => manager.options.retrieveSessionInfo(SHARD),
    set: async (info: Parameters<typeof manager.options.updateSessionInfo>[1]) =>
      manager.options.updateSessionInfo(SHARD, info),
  };
  let options: FetchingStrategyOptions | undefined;
  let current: Connection | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let wasEverReady = false;

  ended.addEventListener('abort', () => {
    clearTimeout(timer);
    void current?.end();
  });

  /** Makes one attempt; resolves when it is ready. */
  async function connect(): Promise<void> {
    if (!(await session.get())) await mayIdentify();
    if (ended.aborted) throw new Error('closed');
    await new Promise<void>((resolve, reject) => {
      let readySince: number | undefined;
      current = openConnection({
        options: options!,
        session,
        onIdentify: budget.spend,
        onEvent: (event, payload) => manager.emit(event, { ...payload, shardId: SHARD } as never),
        onReady() {
          readySince = clock();
          wasEverReady = true;
          resolve();
        },
        onOver(why) {
          if (readySince === undefined) return reject(why);
          if (clock() - readySince >= timings.steadyMs) failures = 0;
          again(why);
        },
        deadlineMs: timings.connectMs,
      });
    });
  }

  async function mayIdentify(): Promise<void> {
    const gatewayInformation = await manager.fetchGatewayInformation(wasEverReady);
    options = { ...options!, gatewayInformation };
    const waitMs = budget.waitMs(gatewayInformation.session_start_limit);
    if (waitMs > 0) throw tooMany(gatewayInformation.session_start_limit, waitMs);
  }

  function tooMany({ total, remaining }: SessionStartLimit, waitMs: number): OpeningError {
    const until = isoSeconds(clock() + waitMs);
    return new OpeningError(
      `Discord allows ${total} new connections a day, of which ${remaining} are left: the next one is made at ${until}. ` +
        'See in the log why so many were needed; until then nothing needs to be done',
      waitMs,
    );
  }

  function again(why: Error): void {
    if (ended.aborted) return;
    failures += 1;
    const { message } = unreached(why);
    deps.onDown(message);
    // The first loss is everyday: Discord moves its clients about once a day.
    if (failures === 2) log.warn({ error: message }, "Discord's gateway cannot be reached");
    timer = setTimeout(() => connect().catch(again), Math.max(pauseAfter(timings, failures), askedMs(why)));
  }

  return {
    async spawn() {
      options = { ...(await managerToFetchingStrategyOptions(manager)), ...waits(timings) };
      // discord.js itself would only say that there are not enough.
      if (options.gatewayInformation.session_start_limit.remaining === 0) await mayIdentify();
    },
    connect,
    destroy: async () => current?.end(),
    send: (_shard, payload) => current?.send(payload),
    // discord.js never asks; its declared type is of another copy of the same class.
    fetchStatus: () => new Collection() as never,
  };
}

function waits({ connectMs }: DiscordTimings) {
  return { handshakeTimeout: connectMs, helloTimeout: connectMs, readyTimeout: connectMs };
}
