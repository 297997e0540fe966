import { ActionRowBuilder, ButtonBuilder, ButtonStyle, type Client, MessageFlags } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answering, codeOf, connect, textChannel } from './client.ts';
import { type DiscordServer, startDiscordServer } from './index.ts';

let server: DiscordServer;
let client: Client<true>;

beforeEach(async () => {
  server = await startDiscordServer({ strict: false });
  client = await connect(server);
});

afterEach(async () => {
  await client.destroy();
  await server.stop();
});

function modal(customId = 'note') {
  return {
    custom_id: customId,
    title: 'Save a note',
    components: [
      { type: 18, label: 'Note', component: { type: 4, custom_id: 'text', style: 2, max_length: 200 } },
      {
        type: 18,
        label: 'Kind',
        component: {
          type: 3,
          custom_id: 'kind',
          options: [
            { label: 'Bug', value: 'bug' },
            { label: 'Idea', value: 'idea' },
          ],
        },
      },
    ],
  };
}

describe('buttons and forms', () => {
  const row = () =>
    new ActionRowBuilder<ButtonBuilder>().addComponents(
      new ButtonBuilder().setCustomId('kill:7').setLabel('Kill').setStyle(ButtonStyle.Danger),
      new ButtonBuilder().setCustomId('note:7').setLabel('Note').setStyle(ButtonStyle.Secondary),
    );
  const card = () => textChannel(client, server).send({ content: 'card', components: [row()] });

  it('update the message whose button was pressed', async () => {
    answering(client, async (interaction) => {
      if (interaction.isButton())
        await interaction.update({ content: `pressed ${interaction.customId}`, components: [] });
    });
    const { id } = await card();
    const observed = await server.press(server.users.member, id, 'Kill');
    expect(observed.type).toBe(7);
    expect(server.message(id)).toMatchObject({ content: 'pressed kill:7', components: [] });
  });

  it('can be acknowledged silently, and edited later', async () => {
    answering(client, async (interaction) => {
      if (!interaction.isButton()) return;
      await interaction.deferUpdate();
      await interaction.editReply('done');
    });
    const { id } = await card();
    const observed = await server.press(server.users.member, id, 'kill:7');
    await observed.waitFor('the edit', () => observed.message()?.content === 'done');
    expect(observed.message()?.id).toBe(id);
  });

  it('open a form, which comes back filled in', async () => {
    const fields: unknown[] = [];
    answering(client, async (interaction) => {
      if (interaction.isButton()) await interaction.showModal(modal());
      if (!interaction.isModalSubmit()) return;
      fields.push(
        interaction.fields.getTextInputValue('text'),
        interaction.fields.getStringSelectValues('kind'),
      );
      await interaction.reply({ content: 'thanks', flags: MessageFlags.Ephemeral });
    });
    const { id } = await card();
    const { member } = server.users;
    const opened = await server.press(member, id, 'Note');
    expect(opened.modal?.title).toBe('Save a note');
    await expect(server.submit(member, opened, { kind: 'bug' })).rejects.toThrow(/text back: it is required/);
    await expect(server.submit(member, opened, { text: 'x', kind: 'none' })).rejects.toThrow(
      /none of its options/,
    );
    const sent = await server.submit(member, opened, { text: 'lr too high', kind: 'bug' });
    expect(sent.message()).toMatchObject({ content: 'thanks', ephemeral: true });
    expect(fields).toEqual(['lr too high', ['bug']]);
  });

  it('open no form from a form', async () => {
    let code: unknown;
    answering(client, async (interaction) => {
      if (interaction.isButton()) await interaction.showModal(modal());
      if (!interaction.isModalSubmit()) return;
      const path = `/interactions/${interaction.id}/${interaction.token}/callback` as const;
      code = await codeOf(client.rest.post(path, { body: { type: 9, data: modal('again') }, auth: false }));
      await interaction.reply('no');
    });
    const opened = await server.press(server.users.member, (await card()).id, 'Note');
    await server.submit(server.users.member, opened, { text: 'x', kind: 'bug' });
    expect(code).toBe(50035);
  });

  it('are pressed by those who see the message', async () => {
    const { id } = await card();
    expect(() => server.press(server.users.stranger, id, 'Kill')).toThrow(/cannot see/);
    expect(() => server.press(server.users.member, id, 'Nothing')).toThrow(/no button Nothing/);
  });
});
