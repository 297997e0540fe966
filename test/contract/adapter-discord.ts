import { createDiscordAdapter } from '../../adapters/discord/index.ts';
import { flatten } from '../servers/discord/components.ts';
import { type Interaction, type StoredMessage, startDiscordServer } from '../servers/discord/index.ts';
import type { AdapterKind, House, Shown } from './adapter-harness.ts';

const USER = '111111111111111111';

/** Discord: the real discord.js, on a server that speaks Discord's protocols and refuses what Discord refuses. */
export const discordKind: AdapterKind = {
  name: 'discord',
  missing: {},
  async open(house: House) {
    const discord = await startDiscordServer({ users: [{ id: USER, name: 'Ada' }] });
    const channel = discord.channels.queue;
    const create = () =>
      createDiscordAdapter(
        { token: discord.token, apiUrl: discord.apiUrl, commands: 'guild' },
        house.ports('discord', USER, channel),
      );
    let adapter = create();
    await adapter.start(house.handlers);

    function shown(message: StoredMessage): Shown {
      const all = flatten(message.components ?? []);
      const { notified, links, formatting, text } = discord.seen(message);
      return {
        id: message.id,
        text,
        buttons: all.filter(({ type }) => type === 2).map(({ label }) => String(label)),
        images: all.filter(({ type }) => type === 12).length,
        files: message.attachments
          .filter(({ filename }) => !filename.endsWith('.png'))
          .map(({ id, filename }) => ({ name: filename, text: discord.file(id).toString() })),
        acted: { notified, links, formatting },
      };
    }
    const privates = (): StoredMessage[] =>
      discord
        .interactions()
        .flatMap(({ original, followups }) => [...(original ? [original] : []), ...followups]);
    function acknowledged(interaction: Interaction): Interaction {
      if (interaction.ackMs === undefined) throw new Error('not answered in time');
      return interaction;
    }
    const find = (where: 'timeline' | 'private', label: string) =>
      (where === 'private' ? privates() : discord.messages(channel)).findLast((message) =>
        shown(message).buttons.includes(label),
      )!;

    return {
      channel,
      get adapter() {
        return adapter;
      },
      timeline: async () => discord.messages(channel).map(shown),
      thread: async ({ id }) => discord.messages(id).map(shown),
      privately: async () => privates().map(shown),
      async command(words) {
        const [name, ...rest] = words.split(' ');
        const known = name === 'tell' ? { text: rest.join(' ') } : { text: words };
        acknowledged(await discord.slash(USER, channel, 'tell', known));
      },
      async press(where, label) {
        acknowledged(await discord.press(USER, find(where, label), label));
      },
      async openForm(label) {
        const opened = acknowledged(await discord.press(USER, find('timeline', label), label));
        const items = opened.modal!.components as { component: { custom_id: string } }[];
        return {
          fields: items.map(({ component }) => component.custom_id),
          fill: async (values) => void acknowledged(await discord.submit(USER, opened, values)),
        };
      },
      loseNextAnswer: () => discord.fault(/^POST \/channels\/\d+\/messages$/, { drop: 'after' }),
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
