import { z } from 'zod';
import type { AdapterKind } from '../../adapters/kind.ts';
import { token } from '../../adapters/variables.ts';
import { PREFIX, type TinyChat } from './chat.ts';

export interface TinySettings {
  token: string;
  greeting: string;
}

const SECTION = z.strictObject({ greeting: z.string().default('hello') }).default({ greeting: 'hello' });

/** The tiny chat, where its token is set. */
export const tiny = (chat: TinyChat): AdapterKind<TinySettings, z.output<typeof SECTION>> => ({
  name: 'tiny',
  title: 'the tiny chat',
  isOwn: false,
  commandPrefix: () => PREFIX,
  hasDirectMessages: true,
  showsThreadsInChannel: false,
  variables: ['TINY_TOKEN'],
  section: SECTION,
  settings(variables, { greeting }) {
    const given = token('TINY_TOKEN', variables, 'tiny-');
    return given === undefined ? null : { token: given, greeting };
  },
  channels: { id: z.string().regex(/^room-\d+$/, 'a room of the tiny chat such as room-1') },
  account: z.string().regex(/^t-[a-z]+$/, 'an account of the tiny chat such as t-ada'),
  doctor: { label: 'tiny', tells: (settings) => (settings ? 'set up' : 'off: no TINY_TOKEN') },
  offWithChannels: 'off, but xaxbot.yaml has rooms for it: set TINY_TOKEN',
  async load() {
    const { createTinyAdapter } = await import('./index.ts');
    return (ports) => createTinyAdapter(chat, ports);
  },
});
