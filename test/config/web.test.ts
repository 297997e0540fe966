import { describe, expect, it } from 'vitest';
import { addressWords, readSettings } from '../../adapters/web/settings.ts';

const read = (host: string, more: Record<string, string> = {}) =>
  readSettings({ XAXBOT_WEB_HOST: host, ...more });

describe('where the web chat listens', () => {
  it('is loopback, where nothing else is said', () => {
    expect(readSettings({})).toEqual({ host: '127.0.0.1', port: 8787, publicOrigin: null });
    for (const host of ['127.0.0.1', '127.8.0.9', '::1', 'localhost'])
      expect(read(host)).toMatchObject({ host });
  });

  it('is nowhere else without TLS in front, in whatever form the address is written', () => {
    const open = ['0.0.0.0', '::', '0', '127.1', '0x7f000001', '2130706433', '10.0.0.5', '::ffff:10.0.0.5'];
    for (const host of [
      ...open,
      '127.0.0.1.example',
      'gpu-01',
      'localhost.example',
      '[::]',
      '*',
      ' 127.0.0.1',
    ])
      expect(() => read(host), host).toThrow(/over plain HTTP/);
    expect(read('0.0.0.0', { XAXBOT_WEB_PORT: 'off' })).toBeNull();
  });

  it('is what a proxy with TLS reaches, and says so', () => {
    const settings = read('0.0.0.0', { XAXBOT_WEB_URL: 'https://chat.example.org' })!;
    expect(settings.publicOrigin).toBe('https://chat.example.org');
    expect(addressWords(settings)).toBe(
      'https://chat.example.org/ behind a proxy with TLS, which reaches it over plain HTTP on 0.0.0.0:8787',
    );
    expect(read('', { XAXBOT_WEB_URL: 'https://chat.example.org:8443/' })!.publicOrigin).toBe(
      'https://chat.example.org:8443',
    );
  });

  it('takes no address of a proxy that is none', () => {
    const wrong = [
      'http://chat.example.org',
      'chat.example.org',
      'https://',
      'https://a/b',
      'https://a/?b',
      'proxy',
    ];
    for (const url of [...wrong, 'https://user@chat.example.org', 'https://a/#b', 'javascript:alert(1)'])
      expect(() => read('0.0.0.0', { XAXBOT_WEB_URL: url }), url).toThrow(/XAXBOT_WEB_URL is/);
  });

  it('is a socket, under the port that people forward to it', () => {
    expect(read('unix')).toEqual({ host: 'unix', port: 8787, publicOrigin: null });
    expect(read('unix', { XAXBOT_WEB_PORT: '0' })).toMatchObject({ port: 8787 });
    expect(addressWords(read('unix', { XAXBOT_WEB_PORT: '9000' })!)).toBe(
      'http://127.0.0.1:9000/ forwarded to a socket in the data folder',
    );
  });
});
