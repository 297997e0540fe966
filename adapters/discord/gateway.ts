import type { Client } from 'discord.js';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { errorText } from '../../src/core/errors.ts';
import { within } from '../../src/core/within.ts';
import { gatewayProblem } from './problems.ts';
import { unreached } from './setup-problems.ts';

/** Whether Discord's gateway is there, and since when it is not; asks to be opened anew when it closes for good. */
export function createGateway({
  clock,
  log,
  onDown,
  onBack,
  onLost,
}: Pick<AdapterPorts, 'clock' | 'log' | 'onDown' | 'onBack' | 'onLost'>) {
  let isUp = false;
  let upSince = clock();
  let downSince = clock();
  let lastProblem = 'connecting';

  return {
    state: () => ({ isUp, upSince, downSince, lastProblem }),
    watch,
    down,
  };

  function down(detail: string): void {
    lastProblem = detail;
    if (!isUp) return;
    isUp = false;
    downSince = clock();
    onDown();
  }

  function watch(watched: Client): void {
    const up = () => {
      if (!isUp) upSince = clock();
      isUp = true;
      lastProblem = '';
      onBack();
    };
    watched.on('error', (error) => log.warn({ error: errorText(error) }, "discord.js's own error"));
    watched.on('shardError', (error) => {
      log.debug({ error: errorText(error) }, "an error of Discord's gateway");
    });
    watched.on('shardReconnecting', () => down('reconnecting'));
    watched.on('shardReady', up);
    watched.on('shardResume', up);
    watched.on('shardDisconnect', ({ code }) => {
      down(`closed (${code})`);
      onLost(gatewayProblem(code) ?? `Discord closed the connection (${code})`);
    });
  }
}

/**
 * Resolves when the gateway is ready; rejects with words for what only a person can mend, with how long Discord asks
 * to wait (OpeningError), and when `ended` is aborted.
 */
export async function loggedIn(
  client: Client,
  { token, readyMs, ended }: { token: string; readyMs: number; ended: AbortSignal },
): Promise<void> {
  const ready = new Promise<void>((resolve, reject) => {
    client.once('clientReady', () => resolve());
    client.once('shardDisconnect', ({ code }) =>
      reject(new Error(gatewayProblem(code) ?? `Discord closed the connection (${code})`)),
    );
    ended.addEventListener('abort', () => reject(new Error('closed')));
    client.login(token).catch((error) => reject(unreached(error)));
  });
  await within(readyMs, ready, () => {
    throw new Error('Discord did not say which servers there are');
  });
}
