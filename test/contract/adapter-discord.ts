import { createDiscordAdapter } from '../../adapters/discord/index.ts';
import { openDiscord } from '../discord-world.ts';
import { flatten, TYPE } from '../servers/discord/components.ts';
import type { MessageView, Observed } from '../servers/discord/index.ts';
import type { AdapterHarness, House, Shown } from './adapter-harness.ts';

/** Discord: the real discord.js, on a server that speaks Discord's protocols and refuses what Discord refuses. */
export const harness: AdapterHarness = {
  missing: {},
  async open(house: House) {
    const discord = await openDiscord();
    const { ada } = discord.people;
    const channel = discord.channels.queue;
    const create = () =>
      createDiscordAdapter(
        { token: discord.token, apiUrl: discord.api, commands: 'guild' },
        house.ports('discord', ada.id, channel),
      );
    let adapter = create();
    await adapter.start(house.handlers);

    const privates = () =>
      [...discord.ephemerals(ada), ...discord.directMessages(ada)].filter(({ loading }) => !loading);
    function answered(interaction: Observed): Observed {
      if (interaction.failed) throw new Error('not answered in time');
      return interaction;
    }
    const press = async (where: 'timeline' | 'private', label: string) => {
      const all = where === 'private' ? privates() : discord.messages(channel);
      const found = all.findLast(({ seen }) => seen.buttons.some((button) => button.label === label))!;
      return answered(await discord.press(ada, found.id, label));
    };

    return {
      channel,
      unknownId: '1',
      get adapter() {
        return adapter;
      },
      timeline: async () => discord.messages(channel).map(shown),
      thread: async ({ id }) => discord.messages(id).map(shown),
      privately: async () => privates().map(shown),
      async command(words) {
        answered(await discord.xax(ada, channel, 'tell', { text: words.replace(/^tell /, '') }));
      },
      press: async (where, label) => void (await press(where, label)),
      async openForm(label) {
        const opened = await press('timeline', label);
        const items = (opened.modal?.components ?? []) as unknown as {
          component?: { custom_id: string };
        }[];
        return {
          fields: items.flatMap(({ component }) => component?.custom_id ?? []),
          fill: async (values) => void answered(await discord.submit(ada, opened, values)),
        };
      },
      failAnswers() {
        for (const route of ['POST /channels/:id/messages', 'PATCH /channels/*', 'PATCH /webhooks/*'])
          discord.fault(route, { status: 503 });
      },
      loseNextAnswer: () => void discord.fault('POST /channels/:id/messages', { drop: 'after' }),
      async restart() {
        await adapter.stop();
        adapter = create();
        await adapter.start(house.handlers);
      },
      async stop() {
        await adapter.stop();
        await discord.stop();
      },
    };
  },
};

function shown({ id, components, attachments, seen }: MessageView): Shown {
  const { everyone, here, users, roles } = seen.notified;
  return {
    id,
    text: seen.text,
    buttons: seen.buttons.map(({ label }) => label),
    images: flatten(components).filter(({ type }) => type === TYPE.gallery).length,
    files: attachments
      .filter(({ filename }) => !filename.endsWith('.png'))
      .map(({ filename, bytes }) => ({ name: filename, text: Buffer.from(bytes).toString() })),
    acted: {
      notified: [...(everyone ? ['everyone'] : []), ...(here ? ['here'] : []), ...users, ...roles],
      links: [...seen.links.map(({ url }) => url), ...seen.previews],
      formatting: [
        ...seen.formatting,
        ...seen.pills.filter((pill) => !users.some((user) => pill.includes(user))),
      ],
    },
  };
}
