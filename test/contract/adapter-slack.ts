import { createSlackAdapter } from '../../adapters/slack/index.ts';
import { eventually } from '../helpers.ts';
import { type Ephemeral, type SlackMessage, startSlackServer } from '../servers/slack/index.ts';
import { seen } from '../servers/slack/seen.ts';
import type { AdapterHarness, House, Shown } from './adapter-harness.ts';

const USER = 'U0ADA';

/** Slack: the real Bolt, on a server that speaks Slack's protocols and refuses what Slack refuses. */
export const harness: AdapterHarness = {
  missing: {
    'closes a question in its own place that nobody has pressed': 'says so when pressed',
  },
  async open(house: House) {
    const slack = await startSlackServer({ users: [{ id: USER, name: 'Ada' }] });
    const channel = slack.channels.queue!;
    const create = () =>
      createSlackAdapter(
        { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl },
        house.ports('slack', USER, channel),
      );
    let adapter = create();
    await adapter.start(house.handlers);
    await eventually('both sockets', () => slack.sockets.count() === 2);

    async function shown(message: SlackMessage): Promise<Shown> {
      const { notified, links, formatting, text } = seen(message);
      const blocks = message.blocks ?? [];
      const files = ((message as { files?: { id: string; title: string }[] }).files ?? []).map(
        async ({ id, title }) => ({
          name: title,
          text: await slack.contents(id),
        }),
      );
      return {
        id: message.ts,
        text: text || message.text,
        buttons: blocks
          .flatMap(({ elements }) => (elements ?? []) as { type: string; text?: { text: string } }[])
          .filter(({ type }) => type === 'button')
          .map((each) => each.text!.text),
        images: blocks.filter(({ type }) => type === 'image').length,
        files: await Promise.all(files),
        acted: { notified, links, formatting },
      };
    }
    const timeline = async () =>
      (await slack.timeline(channel)).filter(({ bot_id, user }) => bot_id || user !== USER);
    const privates = async (): Promise<(SlackMessage | Ephemeral)[]> => {
      const direct = slack.directOf(USER);
      return [...slack.ephemerals, ...(direct === undefined ? [] : await slack.timeline(direct))];
    };

    const press = async (where: 'timeline' | 'private', label: string) => {
      const all = where === 'private' ? await privates() : await timeline();
      const found = all.findLast(({ blocks }) => JSON.stringify(blocks).includes(JSON.stringify(label)))!;
      await slack.press(USER, channel, found, label);
    };

    return {
      channel,
      unknownId: '1700000000.000001',
      get adapter() {
        return adapter;
      },
      timeline: async () => Promise.all((await timeline()).map(shown)),
      thread: async ({ id }) => Promise.all((await slack.replies(channel, id)).map(shown)),
      privately: async () => Promise.all((await privates()).map(shown)),
      async command(words) {
        const { ackMs } = await slack.command(USER, channel, words);
        if (ackMs === undefined || ackMs > 3_000) throw new Error('not acknowledged in time');
      },
      press,
      async openForm(label) {
        await press('timeline', label);
        const view = await eventually('the form', () => [...slack.views.values()][0]);
        return {
          fields: (view.blocks as { type: string; block_id: string }[])
            .filter(({ type }) => type === 'input')
            .map(({ block_id }) => block_id),
          fill: async (values) => void (await slack.submit(USER, view.id, values)),
        };
      },
      failAnswers() {
        for (const name of ['chat.postMessage', 'chat.update', 'chat.postEphemeral', 'respond'])
          slack.fault(name, { status: 503 });
      },
      loseNextAnswer: () => slack.fault('chat.postMessage', { drop: 'after' }),
      async restart() {
        await adapter.stop();
        adapter = create();
        await adapter.start(house.handlers);
        await eventually('both sockets', () => slack.sockets.count() === 2);
      },
      async stop() {
        await adapter.stop();
        await slack.stop();
      },
    };
  },
};
