import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SLASH_COMMAND } from '../../adapters/slack/commands.ts';
import { SAVE_AS_NOTE } from '../../adapters/slack/discussion.ts';
import { BOT_SCOPES } from '../../adapters/slack/scopes.ts';

const text = readFileSync(fileURLToPath(new URL('../../slack-manifest.yaml', import.meta.url)), 'utf8');
const manifest = parse(text) as {
  features: { slash_commands: { command: string }[]; shortcuts: { callback_id: string; type: string }[] };
  oauth_config: { scopes: { bot: string[] } };
  settings: { event_subscriptions: { bot_events: string[] }; socket_mode_enabled: boolean };
};
const listeners = readFileSync(
  fileURLToPath(new URL('../../adapters/slack/discussion.ts', import.meta.url)),
  'utf8',
);

describe('slack-manifest.yaml', () => {
  it('asks for the scopes that the code uses, each with its reason, and for no other', () => {
    expect(manifest.oauth_config.scopes.bot).toEqual(Object.keys(BOT_SCOPES));
    for (const [scope, reason] of Object.entries(BOT_SCOPES))
      expect(text).toContain(`- ${scope} # ${reason}\n`);
  });

  it('declares the command, the shortcut and the events that the code listens to', () => {
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual([SLASH_COMMAND]);
    expect(manifest.features.shortcuts).toMatchObject([{ callback_id: SAVE_AS_NOTE, type: 'message' }]);
    const listened = [...listeners.matchAll(/app\.event\('(\w+)'/g)].map(([, name]) => name);
    const events = [...listened, 'message.im'].toSorted();
    expect(manifest.settings.event_subscriptions.bot_events.toSorted()).toEqual(events);
    expect(manifest.settings.socket_mode_enabled).toBe(true);
  });
});
