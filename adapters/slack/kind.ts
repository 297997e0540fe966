import { z } from 'zod';
import { BotError } from '../../src/core/errors.ts';
import type { AdapterKind } from '../kind.ts';
import { apiUrl, token } from '../variables.ts';
import type { SlackSettings } from './settings.ts';

/** Ids as Slack gives them: docs.slack.dev, object types. */
const MEMBER_ID = z.string().regex(/^[UW][A-Z0-9]{2,}$/, 'a member id of Slack such as U012AB3CD');
const CHANNEL_ID = z.string().regex(/^[CG][A-Z0-9]{2,}$/, 'a channel id of Slack such as C012AB3CD');
const GROUP_ID = z.string().regex(/^S[A-Z0-9]{2,}$/, 'an id of a Slack user group such as S012AB3CD');

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
    const botToken = token('SLACK_BOT_TOKEN', variables, 'xoxb-');
    const appToken = token('SLACK_APP_TOKEN', variables, 'xapp-');
    if (botToken === undefined && appToken === undefined) return null;
    if (botToken === undefined || appToken === undefined) {
      const [given, missing] =
        appToken === undefined
          ? ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']
          : ['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN'];
      throw new BotError(
        'config',
        `${given} is set, but ${missing} is not.`,
        'Slack needs both: docs/slack.md says where each comes from. Without either, Slack is off.',
      );
    }
    return { botToken, appToken, apiUrl: apiUrl('SLACK_API_URL', variables) };
  },
  channels: { id: CHANNEL_ID },
  account: MEMBER_ID,
  group: GROUP_ID,
  doctor: {
    label: 'slack',
    tells: (settings) => (settings ? 'set up' : 'off: no tokens in the environment (docs/slack.md)'),
  },
  offWithChannels: 'off, but xaxbot.yaml has channels for it: set its tokens (docs/slack.md)',
  async load(settings) {
    const { createSlackAdapter } = await import('./index.ts');
    return (ports) => createSlackAdapter(settings, ports);
  },
};
