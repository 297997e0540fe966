import { createDiscordAdapter } from '../../adapters/discord/index.ts';
import { CARD, createAnswering } from '../answering.ts';
import { createHouse } from '../contract/adapter-harness.ts';
import { openDiscord } from '../discord-world.ts';
import type { MessageView } from '../servers/discord/index.ts';

export type DiscordAnswering = Awaited<ReturnType<typeof openDiscordAnswering>>;

/** Discord with the adapter on it, what people ask there, and what Ada sees of the answers. */
export async function openDiscordAnswering(options: { fileLimit?: number } = {}) {
  const discord = await openDiscord(options);
  const { queue } = discord.channels;
  const { ada } = discord.people;
  const house = createHouse();
  const adapter = createDiscordAdapter(
    { token: discord.token, apiUrl: discord.api, commands: 'guild' },
    house.ports('discord', ada.id, queue),
  );
  await adapter.start(house.handlers);

  const texts = (messages: readonly MessageView[]) => messages.map(({ seen }) => seen.text);
  const ours = (place: string) =>
    discord.messages(place).filter(({ author }) => author === discord.applicationId);

  return {
    discord,
    queue,
    house,
    adapter,
    ours,
    /** What there is to see of answers, by place; what still says that the bot is thinking counts. */
    seen: (thread?: string) => ({
      channel: texts(ours(queue)).filter((text) => !text.startsWith('a card')),
      thread: thread === undefined ? [] : texts(ours(thread)),
      alone: discord.ephemerals(ada).map(({ seen: { text }, loading }) => (loading ? 'loading' : text)),
      direct: texts(discord.directMessages(ada).filter(({ author }) => author === discord.applicationId)),
    }),
    ...createAnswering(house),
    slash: () => discord.xax(ada, queue, 'tell', { text: 'x' }),
    /** With a thread. */
    async card(): Promise<string> {
      const { id } = await adapter.post({ channel: queue }, CARD, 'card');
      await adapter.openThread({ channel: queue, id }, 'job');
      return id;
    },
    press: (id: string) => discord.press(ada, id, 'Do it'),
    /** Opens the form of a card, and sends it. */
    async fill(id: string): Promise<void> {
      const form = await discord.press(ada, id, 'Ask');
      await discord.submit(ada, form, { text: 'x' });
    },
    async stop(): Promise<void> {
      await adapter.stop();
      await discord.stop();
      house.db.close();
    },
  };
}
