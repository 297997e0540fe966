import { afterEach, describe, expect, it } from 'vitest';
import { createDiscordApi, type DiscordApi } from '../../adapters/discord/api.ts';
import type { DeliveryError } from '../../src/core/adapter.ts';
import { quietLog } from '../recorded.ts';
import { type DiscordServer, startDiscordServer } from '../servers/discord/index.ts';

const POSTS = 'POST /channels/:id/messages';
const EDITS = 'PATCH /channels/:id/messages/:id';

let server: DiscordServer;
let api: DiscordApi;
afterEach(async () => {
  api.close();
  await server.stop();
});

async function open(options: Parameters<typeof startDiscordServer>[0] = {}): Promise<void> {
  server = await startDiscordServer(options);
  api = createDiscordApi({
    token: server.token,
    apiUrl: server.api,
    lacking: () => [],
    isListed: () => true,
    clock: Date.now,
    log: quietLog,
  });
}

const body = { content: 'x', allowed_mentions: { parse: [] } };
const post = (channel: string) =>
  api.call<{ id: string }>('POST', `/channels/${channel}/messages`, { channel, makes: true, body });
const edit = (channel: string, id: string) =>
  api.call('PATCH', `/channels/${channel}/messages/${id}`, { channel, body });
/** What a call fails with, as far as the deliverer goes by it. */
async function limited(call: Promise<unknown>) {
  const error = (await call.then(
    () => {
      throw new Error('the call was taken');
    },
    (thrown) => thrown,
  )) as DeliveryError;
  const { outcome, scope, paced, retryAfterMs = 0 } = error;
  return { outcome, scope, paced, waits: retryAfterMs };
}

describe('a rate limit of Discord', () => {
  it('that the headers tell of costs no call, and holds the posts of one channel', async () => {
    await open({ rateLimits: [{ route: POSTS, limit: 2, perMs: 30_000 }] });
    const other = server.addChannel('other');
    const { id } = await post(server.channelId);
    await post(server.channelId);
    const seen = await limited(post(server.channelId));
    expect(seen).toMatchObject({ outcome: 'retry', scope: 'channel', paced: 'posts' });
    expect(seen.waits).toBeGreaterThan(20_000);
    expect(seen.waits).toBeLessThanOrEqual(31_000);
    await edit(server.channelId, id);
    await post(other);
    expect([server.messages(server.channelId).length, server.messages(other).length]).toEqual([2, 1]);
    expect(server.invalidRequests()).toBe(0);
  });

  it('of edits holds the edits of one channel', async () => {
    await open({ rateLimits: [{ route: EDITS, limit: 1, perMs: 30_000 }] });
    const { id } = await post(server.channelId);
    await edit(server.channelId, id);
    expect(await limited(edit(server.channelId, id))).toMatchObject({ scope: 'channel', paced: 'edits' });
    await post(server.channelId);
  });

  it('that only says for how long is waited for as long', async () => {
    await open();
    server.fault(POSTS, { status: 429, retryAfterSeconds: 7 });
    const seen = await limited(post(server.channelId));
    expect(seen).toMatchObject({ outcome: 'retry', scope: 'channel', paced: 'posts' });
    expect(seen.waits).toBeGreaterThanOrEqual(7_000);
    expect(seen.waits).toBeLessThanOrEqual(8_000);
  });

  it('of everything holds everything, for as long', async () => {
    await open();
    server.fault(POSTS, { status: 429, retryAfterSeconds: 5, global: true });
    const seen = await limited(post(server.channelId));
    expect(seen).toMatchObject({ outcome: 'retry', scope: 'platform', paced: 'all' });
    expect(seen.waits).toBeGreaterThanOrEqual(5_000);
    expect(seen.waits).toBeLessThanOrEqual(6_000);
  });
});
