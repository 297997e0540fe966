import { z } from 'zod';
import { SETTING_NAME, SETTING_NAME_WORDS } from '../../src/core/setting-name.ts';
import type { AdapterKind } from '../kind.ts';
import { addressWords, DEFAULT_PORT, readSettings, type WebSettings } from './settings.ts';

/** The web chat, unless XAXBOT_WEB_PORT is "off". */
export const web: AdapterKind<WebSettings> = {
  name: 'web',
  title: 'the web chat',
  isOwn: true,
  commandPrefix: () => '/xax ',
  hasDirectMessages: true,
  showsThreadsInChannel: false,
  showsWhole: true,
  variables: ['XAXBOT_WEB_HOST', 'XAXBOT_WEB_PORT', 'XAXBOT_WEB_URL'],
  settings: readSettings,
  channels: {
    id: z.string().regex(SETTING_NAME, SETTING_NAME_WORDS),
    first: { id: 'queue', title: 'Queue', description: 'Every job of the queue' },
  },
  doctor: {
    label: 'web chat',
    tells: (settings) => (settings ? addressWords(settings) : 'off'),
    check: async (settings, deps) => (await import('./doctor.ts')).checkWeb(settings, deps),
  },
  setUp: {
    isAlwaysOn: true,
    how: () => [],
    asks: [
      {
        variable: 'XAXBOT_WEB_PORT',
        words: 'Port of the web chat on this host, or off',
        value: 'PORT',
        isSecret: false,
        usual: String(DEFAULT_PORT),
        check: (text) => void readSettings({ XAXBOT_WEB_PORT: text }),
      },
    ],
    next: {
      on: 'open the link that it prints; from another machine first run the ssh command beside it',
      off: 'it is switched off: leave out XAXBOT_WEB_PORT in .env to have it',
    },
  },
  async load(settings) {
    const { createWebAdapter } = await import('./index.ts');
    return ({ chat: store, webLogins: logins, health: houseHealth, ...ports }) => {
      const { channels, personById, fileAt, about, dataDir, clock, log } = ports;
      const house = { personById, fileAt, about, dataDir, houseHealth };
      return createWebAdapter({ settings, store, logins, channels, ...house, clock, log });
    };
  },
};
