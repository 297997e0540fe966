import { readFile } from 'node:fs/promises';
import type { RawFile } from 'discord.js';
import { type APIMessage, MessageFlags, Routes } from 'discord-api-types/v10';
import { DeliveryError } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { Message } from '../../src/core/message.ts';
import type { Call, DiscordApi } from './api.ts';
import { THREAD_ARCHIVED } from './problems.ts';
import { type Attached, type Rendered, render } from './render.ts';

/** Sends and edits messages: text and buttons as components, images and files attached and kept over edits. */
export function createSender(deps: { api: DiscordApi; ports: AdapterPorts; log: Log }) {
  const { api, ports, log } = deps;
  const { uploads, pathOf } = ports;

  function draw(message: Message, discussion?: string): Rendered {
    const rendered = render(message, {
      accountOf: ports.accountOf,
      actions: ports.actions,
      timezone: ports.timezone,
      now: ports.clock(),
      discussion,
    });
    if (rendered.degraded.length > 0)
      log.info({ degraded: rendered.degraded }, 'not all of a message fits into Discord');
    return rendered;
  }

  /** The bytes of what is attached; what is not kept any more is left out, with the components that show it. */
  async function contents(files: readonly Attached[]): Promise<RawFile[]> {
    const read = files.map(async (file): Promise<RawFile | undefined> => {
      if ('text' in file) return { name: file.name, data: Buffer.from(file.text) };
      const path = pathOf(file.file);
      const data = path && (await readFile(path).catch(() => undefined));
      return data ? { name: file.name, data } : undefined;
    });
    return (await Promise.all(read)).filter((file) => file !== undefined);
  }

  function withoutMissing(rendered: Rendered, names: readonly string[]): Rendered['container'] {
    const there = (url: string) => names.includes(url.replace('attachment://', ''));
    const components = rendered.container.components.filter((component) =>
      'items' in component
        ? component.items.every(({ media }) => there(media.url))
        : 'file' in component
          ? there(component.file.url)
          : true,
    );
    return { ...rendered.container, components };
  }

  /** The body that every way of saying something shares. */
  async function bodyOf(
    message: Message,
    { discussion, id, kept = [] }: { discussion?: string; id?: number; kept?: KeptFile[] } = {},
  ) {
    const rendered = draw(message, discussion);
    const isKept = (name: string) => kept.some((each) => each.file === name);
    const files = await contents(rendered.files.filter(({ name }) => !isKept(name)));
    const shown = kept.filter(({ file }) => rendered.files.some(({ name }) => name === file));
    const names = [...files, ...shown].map((each) => ('file' in each ? each.file : each.name));
    const container = { ...withoutMissing(rendered, names), ...(id === undefined ? {} : { id }) };
    return {
      files,
      body: {
        components: [container],
        flags: MessageFlags.IsComponentsV2 as number,
        allowed_mentions: { parse: [], users: rendered.mentions },
        attachments: [
          ...shown.map(({ remote }) => ({ id: remote })),
          ...files.map(({ name }, index) => ({ id: String(index), filename: name })),
        ],
      },
    };
  }

  function remember(owner: string, { attachments }: APIMessage): void {
    for (const { filename, id } of attachments) uploads.add(owner, filename, id);
  }

  /** A thread that is archived takes no edits; one that is locked too is reopened by nobody but its moderators. */
  async function reopen(thread: string, place: Pick<Call, 'channel' | 'inThread'>): Promise<void> {
    try {
      await api.call('PATCH', Routes.channel(thread), { ...place, body: { archived: false } });
    } catch (error) {
      if (codeOf(error) !== MISSING_PERMISSIONS) throw error;
      throw new DeliveryError('closed', 'the thread is locked');
    }
  }

  return {
    bodyOf,

    async post(
      channel: string,
      message: Message,
      {
        key,
        nonce,
        id,
        discussion,
        parent,
      }: { key: string; nonce?: string; id?: number; discussion?: string; parent?: string },
    ): Promise<APIMessage> {
      const { body, files } = await bodyOf(message, {
        ...(id === undefined ? {} : { id }),
        ...(discussion === undefined ? {} : { discussion }),
      });
      const sent = await api.call<APIMessage>('POST', Routes.channelMessages(channel), {
        ...placeOf(channel, parent),
        makes: true,
        files,
        body: { ...body, ...(nonce === undefined ? {} : { nonce, enforce_nonce: true }) },
      });
      remember(`${channel}:${sent.id}`, sent);
      log.debug({ key }, 'sent to Discord');
      return sent;
    },

    async edit(
      channel: string,
      messageId: string,
      message: Message,
      { parent, ...more }: { id?: number; discussion?: string; parent?: string } = {},
    ): Promise<void> {
      const owner = `${channel}:${messageId}`;
      const before = uploads.of(owner);
      const { body, files } = await bodyOf(message, { ...more, kept: before });
      const place = placeOf(channel, parent);
      const patch = () =>
        api.call<APIMessage>('PATCH', Routes.channelMessage(channel, messageId), { ...place, files, body });
      const edited = await patch().catch(async (error) => {
        if (codeOf(error) !== THREAD_ARCHIVED) throw error;
        await reopen(channel, place);
        return patch();
      });
      for (const { file } of before) uploads.remove(owner, file);
      remember(owner, edited);
    },

    /** Deletes a message that can no longer be kept up to date. */
    async remove(channel: string, messageId: string): Promise<void> {
      await api
        .call('DELETE', Routes.channelMessage(channel, messageId), { channel })
        .catch((error) => log.debug({ error: errorText(error) }, 'an old card stays in Discord'));
    },
  };
}

/** Discord's code for what the bot may not do. */
const MISSING_PERMISSIONS = 50_013;

function codeOf(error: unknown): number | undefined {
  return (error as { code?: number }).code;
}

/** What a call is about, where it goes to a thread by its parent. */
function placeOf(channel: string, parent: string | undefined): Pick<Call, 'channel' | 'inThread'> {
  return { channel: parent ?? channel, inThread: parent !== undefined };
}

interface KeptFile {
  file: string;
  remote: string;
}

export type Sender = ReturnType<typeof createSender>;
