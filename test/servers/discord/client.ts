import {
  Client,
  type ClientOptions,
  Events,
  GatewayIntentBits,
  type Interaction,
  type RESTOptions,
} from 'discord.js';
import type { Json } from './form.ts';
import type { DiscordServer } from './index.ts';

/** A real discord.js client of the server, ready; the caller destroys it. */
export async function connect(
  server: DiscordServer,
  options: Partial<ClientOptions> = {},
): Promise<Client<true>> {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    ...options,
    // Whichever undici another file of this worker has loaded: the library's own way of sending files needs its own.
    rest: { api: server.api, makeRequest: fetch as unknown as RESTOptions['makeRequest'], ...options.rest },
  });
  client.on(Events.Error, () => {});
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(server.token);
  await ready;
  return client as Client<true>;
}

/** The first text channel, as discord.js knows it. */
export function textChannel(client: Client<true>, server: DiscordServer, id = server.channelId) {
  const channel = client.channels.cache.get(id);
  if (!channel?.isTextBased() || !channel.isSendable() || channel.isDMBased())
    throw new Error(`no text channel ${id}`);
  if (!('threads' in channel)) throw new Error('a thread');
  return channel;
}

/** The code of a refused request. */
export async function codeOf(request: Promise<unknown>): Promise<number | string | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    return (error as { code?: number | string }).code ?? String(error);
  }
}

/** A request as any program makes it, without discord.js and its retries. */
export async function request(
  server: DiscordServer,
  method: string,
  path: string,
  body?: object,
  token = server.token,
) {
  const answer = await fetch(`${server.api}/v10${path}`, {
    method,
    headers: { Authorization: `Bot ${token}`, 'Content-Type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: (text ? JSON.parse(text) : null) as Json };
}

/** The paths of what was wrong, like `embeds.0.title`; [] when it was accepted. */
export function wrong({ status, body }: { status: number; body: Json }): string[] {
  if (status < 300) return [];
  const paths: string[] = [];
  const walk = (node: Json, path: string[]) => {
    for (const [key, child] of Object.entries(node))
      if (key === '_errors') paths.push(path.join('.'));
      else walk(child as Json, [...path, key]);
  };
  walk((body.errors as Json | undefined) ?? { [`code ${body.code}`]: { _errors: [] } }, []);
  return paths;
}

/** Answers every interaction with this. */
export function answering(client: Client, answer: (interaction: Interaction) => Promise<unknown>): void {
  client.on(Events.InteractionCreate, (interaction) => void answer(interaction).catch(() => {}));
}
