import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { type Chats, LATE, openChats } from '../platforms.ts';
import { finished } from '../states.ts';

const JOB = 'job-0000009';

describe('what somebody alone was to hear, and cannot be told where they asked for it', () => {
  let chats: Chats;
  afterEach(() => chats.stop());

  /** What was said to somebody alone in their place of the web chat: each message. */
  const heardInWeb = (): string[] =>
    chats
      .bot()
      .app.parts.db.prepare<[], string>("SELECT body FROM web_messages WHERE key LIKE 'elsewhere:%'")
      .pluck()
      .all();

  const heardInDiscord = (): string[] => {
    const { discord } = chats;
    return discord.directMessages(discord.people.ada).map((message) => JSON.stringify(message));
  };

  it('is tried once in Discord, told in the web chat, and health names them and what to do', async () => {
    chats = await openChats({ slack: false, endings: 'thread' });
    const { discord } = chats;
    const { ada } = discord.people;
    await chats.connected();
    await chats.show(LATE);
    const asked = await discord.xax(ada, discord.channels.queue, 'subscribe', { job: '9' });
    await eventually('subscribed', () => asked.message()?.seen.text.includes('You will hear'));
    discord.refuseDms(ada);
    chats.home.show(LATE, (state) => finished(state, JOB));
    await eventually('told elsewhere', () => heardInWeb().length > 0);
    expect(heardInWeb()).toEqual([
      expect.stringMatching(
        /job-0000009.*Completed.*This could not be told in Discord: direct messages.*are not accepted/,
      ),
    ]);
    expect(chats.health('discord delivery')?.detail).toMatch(
      /1 message cannot be delivered: Ada: direct messages .* allow them in the privacy settings/,
    );
    expect(chats.health('discord')!.ok).toBe(true);
    await chats.allSaid();
    expect(chats.health('slack delivery')?.detail ?? chats.health('discord delivery')?.detail).toMatch(
      /^1 message cannot/,
    );
  });

  it.each(['cannot_dm_bot', 'user_disabled', 'messages_tab_disabled'])(
    'is tried once in Slack (%s), and told in Discord to somebody who has an account there',
    async (error) => {
      chats = await openChats({ endings: 'thread' });
      const { slack } = chats;
      await chats.connected();
      await chats.show(LATE);
      await slack.command('U0ADA', slack.channels.queue!, 'subscribe 9');
      await eventually('subscribed', () =>
        slack.ephemerals.some(({ text }) => text.includes('You will hear')),
      );
      slack.fault('conversations.open', { error }, 1_000);
      chats.home.show(LATE, (state) => finished(state, JOB));
      await eventually('told elsewhere', () => heardInDiscord().length > 0);
      expect(heardInDiscord()).toEqual([expect.stringContaining('This could not be told in Slack')]);
      expect(chats.health('slack delivery')?.detail).toMatch(/1 message cannot be delivered: Ada: /);
      await chats.allSaid();
      expect(chats.health('slack delivery')?.detail ?? chats.health('discord delivery')?.detail).toMatch(
        /^1 message cannot/,
      );
    },
  );
});
