import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSettings } from '../../adapters/web/settings.ts';
import { openDb } from '../../src/store/db.ts';
import { testHandlers } from '../handlers.ts';
import { temporaryFolder } from '../helpers.ts';
import { createTestWeb } from '../web-adapter.ts';

describe('the web chat where it listens', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  function create(settings: Partial<WebSettings>) {
    const dataDir = join(temporaryFolder(), 'data');
    mkdirSync(dataDir, { mode: 0o700 });
    const db = openDb(dataDir);
    const web = createTestWeb(db, {
      settings: { host: '127.0.0.1', port: 0, publicOrigin: null, ...settings },
      personById: (id) => ({ id, name: id, role: 'admin' }),
      dataDir,
    });
    ends.push(() => web.stop());
    return { web, dataDir };
  }
  const get = (where: object, headers: Record<string, string> = {}) =>
    new Promise<number>((resolve, reject) => {
      const asking = request({ path: '/', ...where, headers }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      asking.on('error', reject);
      asking.end();
    });

  it('is a socket of its own user alone, reached by a command that it prints', async () => {
    const { web, dataDir } = create({ host: 'unix', port: 9001 });
    await web.start(testHandlers());
    const socketPath = join(dataDir, 'web.sock');
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
    expect(web.entry.createLink('ada')).toMatch(/^http:\/\/127\.0\.0\.1:9001\/\?\S+#enter=/);
    expect(web.entry.tunnel()).toBe(`ssh -L 9001:${socketPath} host`);
    expect(await get({ socketPath, host: '127.0.0.1', port: 9001 })).toBe(200);
    expect(web.health().detail).toContain('forwarded to a socket in the data folder');
    await web.stop();
    await web.start(testHandlers());
    expect(await get({ socketPath, host: 'localhost' })).toBe(200);
  });

  it('takes the socket of a bot that was killed, and nothing else that stands in its place', async () => {
    const { web, dataDir } = create({ host: 'unix' });
    writeFileSync(join(dataDir, 'web.sock'), 'mine');
    await expect(web.start(testHandlers())).rejects.toThrow(/web\.sock is no socket/);
  });

  it.for(['127.0.0.1', 'localhost'])(
    'is on both loopback addresses, so that nobody else answers by the other name: %s',
    async (host) => {
      const { web } = create({ host });
      await web.start(testHandlers());
      const { port } = new URL(web.entry.url());
      const other = createServer();
      const outcome = await new Promise((resolve) => {
        other.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
        other.listen({ host: '::1', port: Number(port) }, () => resolve('taken'));
      });
      other.close();
      expect(['EADDRINUSE', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']).toContain(outcome);
    },
  );

  it('answers to its public name and to this host, and to no other page', async () => {
    const { web } = create({ host: '0.0.0.0', publicOrigin: 'https://chat.example.org' });
    await web.start(testHandlers());
    const port = /0\.0\.0\.0:(\d+)/.exec(web.health().detail)![1]!;
    const here = { host: '127.0.0.1', port };
    expect(web.entry.url()).toBe('https://chat.example.org/');
    expect(web.entry.tunnel()).toBeNull();
    expect(web.health().detail).toContain('behind a proxy with TLS');
    const origin = 'https://chat.example.org';
    expect(await get(here, { host: 'chat.example.org' })).toBe(200);
    expect(await get(here, { host: 'chat.example.org', origin })).toBe(200);
    // A proxy may send the name that it reaches.
    expect(await get(here, { host: `127.0.0.1:${port}`, origin })).toBe(200);
    expect(await get(here, { host: 'chat.example.org', origin: 'http://chat.example.org' })).toBe(403);
    expect(await get(here, { host: 'chat.example.org', origin: 'https://evil.example' })).toBe(403);
    expect(await get(here, { host: `10.0.0.5:${port}` })).toBe(421);
    expect(await get(here, { host: '0.0.0.0' })).toBe(421);
  });
});
