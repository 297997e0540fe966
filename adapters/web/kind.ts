import { z } from 'zod';
import { BotError } from '../../src/core/errors.ts';
import { SETTING_NAME, SETTING_NAME_WORDS } from '../../src/core/setting-name.ts';
import type { AdapterKind } from '../kind.ts';

/** Where the web chat listens. */
export interface WebSettings {
  host: string;
  /** 0 takes a free one. */
  port: number;
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 8787;

/** The web chat, unless XAXBOT_WEB_PORT is "off". */
export const web: AdapterKind<WebSettings> = {
  name: 'web',
  title: 'the web chat',
  isOwn: true,
  commandPrefix: () => '/xax ',
  hasDirectMessages: true,
  showsThreadsInChannel: false,
  variables: ['XAXBOT_WEB_HOST', 'XAXBOT_WEB_PORT'],
  settings({ XAXBOT_WEB_HOST, XAXBOT_WEB_PORT }) {
    const text = XAXBOT_WEB_PORT || String(DEFAULT_PORT);
    if (text === 'off') return null;
    const port = Number(text);
    if (!/^\d{1,5}$/.test(text) || port > 65_535) {
      throw new BotError(
        'config',
        `XAXBOT_WEB_PORT is "${text}".`,
        'Accepted: a port from 0 to 65535 (0 takes a free one), or "off".',
      );
    }
    return { host: XAXBOT_WEB_HOST || DEFAULT_HOST, port };
  },
  channels: {
    id: z.string().regex(SETTING_NAME, SETTING_NAME_WORDS),
    first: { id: 'queue', title: 'Queue', description: 'Every job of the queue' },
  },
  doctor: {
    label: 'web chat',
    tells: (settings) => (settings ? `http://${settings.host}:${settings.port}/` : 'off'),
  },
  async load(settings) {
    const { createWebAdapter } = await import('./index.ts');
    return ({ chat: store, webLogins: logins, channels, personById, pathOf, about, clock }) =>
      createWebAdapter({ ...settings, store, logins, channels, personById, pathOf, about, clock });
  },
};
