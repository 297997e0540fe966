import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterEach, expect, it } from 'vitest';
import { createDiscordApi } from '../../adapters/discord/api.ts';
import { openDiscord } from '../discord-world.ts';
import { quietLog } from '../recorded.ts';

const usual = getGlobalDispatcher();
afterEach(() => setGlobalDispatcher(usual));

it('a file is sent, whichever undici the process has loaded first', async () => {
  const discord = await openDiscord();
  // As when Slack's library, with an undici of another version than discord.js has, is loaded before anything is sent.
  setGlobalDispatcher(new Agent());
  const api = createDiscordApi({
    token: discord.token,
    apiUrl: discord.api,
    lacking: () => [],
    isListed: () => true,
    clock: Date.now,
    log: quietLog,
  });
  const { queue } = discord.channels;
  await api.call('POST', `/channels/${queue}/messages`, {
    body: { content: 'a picture', allowed_mentions: { parse: [] } },
    files: [{ name: 'a.txt', data: Buffer.from('text') }],
  });
  expect(discord.messages(queue).map(({ seen }) => seen.files)).toEqual([['a.txt']]);
  await discord.stop();
});
