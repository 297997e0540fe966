import { describe, expect, it, onTestFinished } from 'vitest';
import { startDiscordServer } from '../servers/discord/index.ts';
import { startSlackServer } from '../servers/slack/index.ts';
import { house } from './doctor-house.ts';

describe('doctor asks Slack', () => {
  it('whether it takes the tokens, and the app has its scopes, its channels and a socket; it posts nothing', async () => {
    const slack = await startSlackServer();
    onTestFinished(() => slack.stop());
    const channel = slack.channels.queue!;
    const env = {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
    };
    const yaml = `channels:\n  - {platform: slack, id: ${channel}}\n  - {platform: slack, id: C0NOTHERE}\n`;
    const of = await house(yaml, env).look();
    expect(of('slack bot token')).toMatchObject([{ state: 'ok' }]);
    expect(of('slack scopes')).toMatchObject([{ state: 'ok' }]);
    expect(of(`slack channel ${channel}`)).toMatchObject([{ state: 'ok' }]);
    expect(of('slack channel C0NOTHERE')).toMatchObject([{ state: 'failure' }]);
    expect(of('slack socket')).toMatchObject([{ state: 'ok' }]);
    expect(new Set(slack.requests.map(({ method }) => method))).toEqual(
      new Set(['auth.test', 'conversations.info', 'apps.connections.open']),
    );
    slack.kick(channel);
    slack.setScopes(slack.scopes.filter((scope) => scope !== 'files:write'));
    const lacking = await house(yaml, env).look();
    expect(lacking(`slack channel ${channel}`)).toMatchObject([
      { state: 'failure', mend: expect.stringContaining('/invite @xaxbot') },
    ]);
    expect(lacking('slack scopes')).toMatchObject([
      { state: 'failure', detail: 'the app lacks files:write' },
    ]);
    slack.fault('auth.test', { error: 'invalid_auth' });
    slack.fault('apps.connections.open', { error: 'socket_mode_not_enabled' });
    const wrong = await house(yaml, env).look();
    expect(wrong('slack bot token')).toMatchObject([
      { state: 'failure', detail: expect.stringContaining('rejects the token') },
    ]);
    expect(wrong('slack socket')).toMatchObject([
      { state: 'failure', detail: expect.stringContaining('Socket Mode is switched off') },
    ]);
  });
});

describe('doctor asks Discord', () => {
  it('whether it takes the token and lets the bot do what it has to in its channels; it begins no session', async () => {
    const discord = await startDiscordServer();
    onTestFinished(() => discord.stop());
    const env = { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.api };
    const yaml = `channels:\n  - {platform: discord, id: "${discord.channelId}"}\n  - {platform: discord, id: "123456789012345678"}\n`;
    const of = await house(yaml, env).look();
    expect(of('discord token')).toMatchObject([{ state: 'ok' }]);
    expect(of('discord intents')).toMatchObject([{ state: 'ok', detail: expect.stringContaining('off') }]);
    expect(of('discord sessions')).toMatchObject([{ state: 'ok' }]);
    expect(of(`discord channel ${discord.channelId}`)).toMatchObject([{ state: 'ok' }]);
    expect(of('discord channel 123456789012345678')).toMatchObject([{ state: 'failure' }]);
    expect(discord.gateway.identifies()).toBe(0);
    expect(discord.log.every(({ method }) => method === 'GET')).toBe(true);
    discord.revokeToken();
    const refused = await house(yaml, env).look();
    expect(refused('discord token')).toMatchObject([
      { state: 'failure', detail: expect.stringContaining('rejects the token') },
    ]);
  });

  it('which permissions are missing', async () => {
    const discord = await startDiscordServer({ botPermissions: ['VIEW_CHANNEL', 'SEND_MESSAGES'] });
    onTestFinished(() => discord.stop());
    const of = await house(`channels: [{platform: discord, id: "${discord.channelId}"}]\n`, {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.api,
    }).look();
    expect(of(`discord channel ${discord.channelId}`)).toMatchObject([
      { state: 'failure', detail: expect.stringMatching(/lacks .*Attach Files.*Create Public Threads/) },
    ]);
  });
});
