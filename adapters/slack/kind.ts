import { z } from 'zod';
import { BotError } from '../../src/core/errors.ts';
import { shellCommand } from '../../src/core/shell-command.ts';
import type { AdapterKind, Variables } from '../kind.ts';
import { apiUrl, token } from '../variables.ts';
import { newAppLink, type SlackSettings } from './settings.ts';

/** Ids as Slack gives them: docs.slack.dev, object types. */
const MEMBER_ID = z.string().regex(/^[UW][A-Z0-9]{2,}$/, 'a member id of Slack such as U012AB3CD');
const CHANNEL_ID = z.string().regex(/^[CG][A-Z0-9]{2,}$/, 'a channel id of Slack such as C012AB3CD');
const GROUP_ID = z.string().regex(/^S[A-Z0-9]{2,}$/, 'an id of a Slack user group such as S012AB3CD');

const botToken = (variables: Variables) => token('SLACK_BOT_TOKEN', variables, 'xoxb-');
const appToken = (variables: Variables) => token('SLACK_APP_TOKEN', variables, 'xapp-');

/** Slack, where both of its tokens are set. */
export const slack: AdapterKind<SlackSettings> = {
  name: 'slack',
  title: 'Slack',
  isOwn: false,
  commandPrefix: () => '/xax ',
  hasDirectMessages: true,
  showsThreadsInChannel: true,
  variables: ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_API_URL'],
  otherSecrets: ['SLACK_SIGNING_SECRET'],
  settings(variables) {
    const ofBot = botToken(variables);
    const ofApp = appToken(variables);
    if (ofBot === undefined && ofApp === undefined) return null;
    if (ofBot === undefined || ofApp === undefined) {
      const [given, missing] =
        ofApp === undefined ? ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'] : ['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN'];
      throw new BotError(
        'config',
        `${given} is set, but ${missing} is not.`,
        'Slack needs both: docs/slack.md says where each comes from. Without either, Slack is off.',
      );
    }
    return { botToken: ofBot, appToken: ofApp, apiUrl: apiUrl('SLACK_API_URL', variables) };
  },
  channels: { id: CHANNEL_ID },
  account: MEMBER_ID.meta({
    description: 'their Slack account, such as `U012AB3CD`',
    type: 'member id',
    otherwise: 'none',
  }),
  group: GROUP_ID.meta({
    description: 'a Slack user group, such as `S012AB3CD`',
    type: 'user group id',
    otherwise: 'none',
  }),
  doctor: {
    label: 'slack',
    tells: (settings) => (settings ? 'set up' : 'off: no tokens in the environment (docs/slack.md)'),
    isRemote: true,
    check: async (settings, deps) => (await import('./doctor.ts')).checkSlack(settings, deps),
  },
  setUp: {
    isAlwaysOn: false,
    how: () => [
      'Make the app from the manifest, in your workspace:',
      newAppLink(),
      'Its bot token is under "OAuth & Permissions" once it is installed; the app token under "Basic Information", "App-Level Tokens", with the scope connections:write (docs/slack.md).',
    ],
    asks: [
      {
        variable: 'SLACK_BOT_TOKEN',
        words: 'Bot token (xoxb-…)',
        value: 'TOKEN',
        isSecret: true,
        check: (text) => void botToken({ SLACK_BOT_TOKEN: text }),
      },
      {
        variable: 'SLACK_APP_TOKEN',
        words: 'App token (xapp-…)',
        value: 'TOKEN',
        isSecret: true,
        check: (text) => void appToken({ SLACK_APP_TOKEN: text }),
      },
    ],
    channels: 'Ids of the channels for it (C012AB3CD, with commas between)',
    next: {
      on: 'type "/invite @xaxbot" in its channel',
      off: `make the app from the manifest at https://api.slack.com/apps?new_app=1 (docs/slack.md), then run "${shellCommand('init')}" again`,
    },
  },
  offWithChannels: 'off, but xaxbot.yaml has channels for it: set its tokens (docs/slack.md)',
  async load(settings) {
    const { createSlackAdapter } = await import('./index.ts');
    return (ports) => createSlackAdapter(settings, ports);
  },
};
