import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type ChatInputCommandInteraction,
  type Client,
  type Interaction,
  MessageFlags,
} from 'discord.js';
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

const COMMANDS = [
  {
    name: 'xax',
    description: 'the queue',
    options: [
      {
        name: 'show',
        description: 'one job',
        type: ApplicationCommandOptionType.Subcommand as const,
        options: [
          {
            name: 'job',
            description: 'its id',
            type: ApplicationCommandOptionType.String as const,
            required: true,
            autocomplete: true,
          },
          {
            name: 'lines',
            description: 'how many',
            type: ApplicationCommandOptionType.Integer as const,
            min_value: 1,
          },
        ],
      },
    ],
  },
  { name: 'Save as note', type: ApplicationCommandType.Message as const },
];

const register = () => client.application.commands.set(COMMANDS, server.guildId);

const chat = (interaction: Interaction) => interaction as ChatInputCommandInteraction;

describe('commands', () => {
  it('are registered in the guild at once and listed back', async () => {
    await register();
    const listed = await client.application.commands.fetch({ guildId: server.guildId });
    expect([...listed.values()].map(({ name }) => name)).toEqual(['xax', 'Save as note']);
    expect(server.commands()).toHaveLength(2);
  });

  it('count as created once, not when the same ones are set again', async () => {
    await register();
    await register();
    expect(server.commandsCreated(server.guildId)).toBe(2);
  });

  it('are typed by people only as they are declared', async () => {
    await register();
    const { member } = server.users;
    expect(() => server.slash(member, server.channelId, 'xax')).toThrow(/needs a subcommand/);
    expect(() => server.slash(member, server.channelId, 'xax show')).toThrow(/job is required/);
    expect(() => server.slash(member, server.channelId, 'xax show', { job: '1', lines: 0 })).toThrow(
      /least 1/,
    );
    expect(() => server.slash(member, server.channelId, 'gone')).toThrow(/No command gone/);
    expect(() => server.slash(server.users.stranger, server.channelId, 'xax show', { job: '1' })).toThrow(
      /cannot see/,
    );
  });

  it('reach the bot typed, with member and channel', async () => {
    await register();
    answering(client, async (interaction) => {
      const command = chat(interaction);
      const { options } = command;
      await command.reply(
        `${options.getSubcommand()} ${options.getString('job')} ${options.getInteger('lines')} ${command.user.username}`,
      );
    });
    const observed = await server.slash(server.users.member, server.channelId, 'xax show', {
      job: '7',
      lines: 3,
    });
    expect(observed.message()?.content).toBe('show 7 3 mel');
    expect(observed.afterMs).toBeLessThan(3000);
  });

  it('are deferred, then edited', async () => {
    await register();
    answering(client, async (interaction) => {
      await chat(interaction).deferReply();
      await chat(interaction).editReply({ content: 'later', embeds: [{ title: 'Job 7' }] });
      await chat(interaction).followUp('and more');
    });
    const observed = await server.slash(server.users.member, server.channelId, 'xax show', { job: '7' });
    expect(observed.type).toBe(5);
    expect((await observed.waitForMessage()).seen.text).toBe('later\nJob 7');
    await observed.waitFor('the followup', () => observed.followups().length === 1);
    expect(server.messages(server.channelId).map(({ content }) => content)).toEqual(['later', 'and more']);
  });

  it('give private answers that only one sees', async () => {
    await register();
    answering(client, (interaction) =>
      chat(interaction).reply({ content: 'hush', flags: MessageFlags.Ephemeral }),
    );
    const observed = await server.slash(server.users.member, server.channelId, 'xax show', { job: '7' });
    expect(server.messages(server.channelId)).toEqual([]);
    expect(server.ephemerals(server.users.member)).toHaveLength(1);
    expect(server.ephemerals(server.users.admin)).toEqual([]);
    expect(await codeOf(textChannel(client, server).messages.fetch(observed.message()!.id))).toBe(10008);
  });

  it('fail without a first reply within three seconds, and refuse a later one', async () => {
    await register();
    let refused: Promise<unknown> | undefined;
    answering(client, async (interaction) => {
      server.advance(3_100);
      refused = codeOf(chat(interaction).reply('too late'));
      await refused;
    });
    const observed = await server.slash(server.users.member, server.channelId, 'xax show', { job: '7' });
    expect(observed.failed).toBe(true);
    expect(await refused).toBe(10062);
  });

  it('take one first reply', async () => {
    await register();
    const codes: unknown[] = [];
    answering(client, async (interaction) => {
      const { rest } = client;
      const path = `/interactions/${interaction.id}/${interaction.token}/callback` as const;
      for (const content of ['one', 'two'])
        codes.push(await codeOf(rest.post(path, { body: { type: 4, data: { content } }, auth: false })));
    });
    await server.slash(server.users.member, server.channelId, 'xax show', { job: '7' });
    await server.eventually('both', () => codes.length === 2);
    expect(codes).toEqual([undefined, 40060]);
  });

  it('can be answered for fifteen minutes', async () => {
    await register();
    let kept: ChatInputCommandInteraction | undefined;
    answering(client, async (interaction) => {
      kept = chat(interaction);
      await kept.reply('first');
    });
    await server.slash(server.users.member, server.channelId, 'xax show', { job: '7' });
    // The platform has the reply a little before discord.js knows that it has.
    await server.eventually('the reply', () => kept?.replied);
    await kept!.editReply('second');
    server.advance(15 * 60_000 + 1);
    expect(await codeOf(kept!.editReply('third'))).toBe(50027);
  });

  it('complete while an option is typed', async () => {
    await register();
    answering(client, async (interaction) => {
      if (interaction.isAutocomplete())
        await interaction.respond([{ name: `job ${interaction.options.getFocused()}`, value: '7' }]);
    });
    const observed = await server.autocomplete(
      server.users.member,
      server.channelId,
      'xax show',
      { job: 'res' },
      'job',
    );
    expect(observed.choices).toEqual([{ name: 'job res', value: '7' }]);
  });

  it('are not completed by a deferral', async () => {
    await register();
    let code: unknown;
    answering(client, async (interaction) => {
      const path = `/interactions/${interaction.id}/${interaction.token}/callback` as const;
      code = await codeOf(client.rest.post(path, { body: { type: 5 }, auth: false }));
      server.advance(3_100);
    });
    await server.autocomplete(server.users.member, server.channelId, 'xax show', { job: '' }, 'job');
    await server.eventually('the refusal', () => code);
    expect(code).toBe(50035);
  });

  it('on a message carry its text without the content intent', async () => {
    await register();
    let text: string | undefined;
    answering(client, async (interaction) => {
      if (!interaction.isMessageContextMenuCommand()) return;
      text = interaction.targetMessage.content;
      await interaction.reply({ content: 'saved', flags: MessageFlags.Ephemeral });
    });
    const said = server.say(server.users.member, server.channelId, 'lr too high');
    await server.messageCommand(server.users.member, 'Save as note', said.id);
    expect(text).toBe('lr too high');
  });
});
