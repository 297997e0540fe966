import type { Client } from 'discord.js';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { errorText } from '../../src/core/errors.ts';
import { gatewayProblem } from './problems.ts';

/** Whether Discord's gateway is there, and since when it is not; asks to be opened anew when it closes for good. */
export function createGateway({
  clock,
  log,
  onBack,
  onLost,
}: Pick<AdapterPorts, 'clock' | 'log' | 'onBack' | 'onLost'>) {
  let isUp = false;
  let downSince = clock();
  let lastProblem = 'connecting';

  return {
    state: () => ({ isUp, downSince, lastProblem }),
    watch,
  };

  function watch(watched: Client): void {
    const down = (detail: string) => {
      if (isUp) downSince = clock();
      isUp = false;
      lastProblem = detail;
    };
    const up = () => {
      isUp = true;
      onBack();
    };
    watched.on('error', (error) => log.warn({ error: errorText(error) }, "discord.js's own error"));
    watched.on('shardError', (error) => {
      down(errorText(error));
      log.warn({ error: errorText(error) }, "Discord's gateway failed");
    });
    watched.on('shardReconnecting', () => down('reconnecting'));
    watched.on('shardReady', up);
    watched.on('shardResume', up);
    watched.on('shardDisconnect', ({ code }) => {
      down(`closed (${code})`);
      onLost(gatewayProblem(code) ?? `Discord closed the connection (${code})`);
    });
    watched.on('invalidated', () => onLost(gatewayProblem(4004)!));
  }
}

/** Resolves when the gateway is ready; rejects with words for what only a person can mend. */
export function loggedIn(client: Client, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('clientReady', () => resolve());
    client.once('shardDisconnect', ({ code }) =>
      reject(new Error(gatewayProblem(code) ?? `Discord closed the connection (${code})`)),
    );
    client.login(token).catch((error: { code?: string }) => {
      const code = error.code === 'TokenInvalid' ? 4004 : error.code === 'DisallowedIntents' ? 4014 : 0;
      reject(new Error(gatewayProblem(code) ?? errorText(error)));
    });
  });
}
