import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Running } from '../../src/start.ts';
import { createRecordedHome, STATES, startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type SlackServer, startSlackServer } from '../servers/slack/index.ts';

const USERS = [
  { id: 'U0ADA', name: 'Ada' },
  { id: 'U0BEA', name: 'Bea' },
  { id: 'U0GUS', name: 'Gus', kind: 'guest' as const },
];

describe('the bot in Slack', () => {
  let slack: SlackServer;
  let folder: string;
  let home: ReturnType<typeof createRecordedHome>;
  let bot: Running;
  let queue: string;

  async function start(): Promise<Running> {
    return startTestBot({
      folder,
      home: home.home,
      yaml: `people:
  root: {role: admin}
  ada: {name: Ada, role: operator, slack: U0ADA}
channels:
  - {platform: slack, id: ${queue}, endings: broadcast}
  - {platform: web, id: queue}
`,
      env: { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.apiUrl },
    });
  }

  beforeEach(async () => {
    slack = await startSlackServer({ users: USERS });
    queue = slack.channels.queue!;
    folder = temporaryFolder();
    home = createRecordedHome(folder);
    home.show(STATES[0]!);
    home.beat();
    bot = await start();
    await eventually('Slack is connected', () => slack.sockets.count() === 2);
  });
  afterEach(async () => {
    await bot.app.stop();
    await slack.stop();
  });

  it('tells a day in cards and threads, ends broadcast', async () => {
    for (const state of STATES) {
      home.show(state);
      await bot.app.settled();
    }
    await eventually('all said', () => bot.app.health().every(({ name }) => name !== 'slack delivery'));
    const messages = await slack.timeline(queue);
    console.log(messages.map(({ text }) => text));
    console.log(
      (await slack.replies(queue, messages.at(-1)!.ts)).map(({ text, reply_broadcast, blocks }) => [
        text,
        reply_broadcast,
        JSON.stringify(blocks).slice(-300),
      ]),
    );
    expect(bot.app.health()).toEqual([]);
  });
});
