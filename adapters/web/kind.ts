import { z } from 'zod';
import { SETTING_NAME, SETTING_NAME_WORDS } from '../../src/core/setting-name.ts';
import type { AdapterKind } from '../kind.ts';
import { addressWords, portWarning, readSettings, type WebSettings } from './settings.ts';

/** The web chat, unless XAXBOT_WEB_PORT is "off". */
export const web: AdapterKind<WebSettings> = {
  name: 'web',
  title: 'the web chat',
  isOwn: true,
  commandPrefix: () => '/xax ',
  hasDirectMessages: true,
  showsThreadsInChannel: false,
  variables: ['XAXBOT_WEB_HOST', 'XAXBOT_WEB_PORT', 'XAXBOT_WEB_URL'],
  settings: readSettings,
  channels: {
    id: z.string().regex(SETTING_NAME, SETTING_NAME_WORDS),
    first: { id: 'queue', title: 'Queue', description: 'Every job of the queue' },
  },
  doctor: {
    label: 'web chat',
    tells: (settings, { others }) =>
      settings ? `${addressWords(settings)}${portWarning(settings, others)}` : 'off',
  },
  async load(settings) {
    const { createWebAdapter } = await import('./index.ts');
    return ({ chat: store, webLogins: logins, health: houseHealth, ...ports }) => {
      const { channels, personById, pathOf, about, dataDir, clock, log } = ports;
      const house = { personById, pathOf, about, dataDir, houseHealth };
      return createWebAdapter({ settings, store, logins, channels, ...house, clock, log });
    };
  },
};
