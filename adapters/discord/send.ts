import { readFile } from 'node:fs/promises';
import type { RawFile } from 'discord.js';
import {
  type APIContainerComponent,
  type APIMessage,
  MessageFlags,
  RESTJSONErrorCodes,
  Routes,
} from 'discord-api-types/v10';
import { LRUCache } from 'lru-cache';
import { DeliveryError, isNotTaken } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { Message } from '../../src/core/message.ts';
import { OVERFLOW_FILE, type Unsent, withoutUnsent } from '../../src/core/unsent-files.ts';
import type { Call, DiscordApi } from './api.ts';
import type { Attached } from './fitting.ts';
import { FILE_MAX } from './limits.ts';
import { THREAD_ARCHIVED, TOO_LARGE } from './problems.ts';
import { type Rendered, render } from './render.ts';

const MISSING_PERMISSIONS: number = RESTJSONErrorCodes.MissingPermissions;
/** How often a message is tried with its files where Discord itself fails, and of how many that is remembered. */
const TRIES_WITH_FILES = 3;
const FAILURES_MAX = 200;

/** Sends and edits messages: text and buttons as components, images and files attached and kept over edits. */
export function createSender(deps: { api: DiscordApi; ports: AdapterPorts; log: Log }) {
  const { api, ports, log } = deps;
  const { uploads, fileAt } = ports;
  /** How often Discord has failed at a message with files. */
  const failures = new LRUCache<string, number>({ max: FAILURES_MAX });

  function draw(message: Message, unsent: Unsent, discussion?: string): Rendered {
    const rendered = render(withoutUnsent(message, unsent), {
      accountOf: ports.accountOf,
      actions: ports.actions,
      timezone: ports.timezone(),
      now: ports.clock(),
      discussion,
      restIsLost: unsent.has(OVERFLOW_FILE),
    });
    if (rendered.degraded.length > 0)
      log.info({ degraded: rendered.degraded }, 'not all of a message fits into Discord');
    return rendered;
  }

  /** The bytes of what is attached; else why it cannot be had. */
  async function contentOf(file: Attached): Promise<Buffer | string> {
    if ('text' in file) return Buffer.from(file.text);
    const notKept = 'they are no longer kept';
    try {
      const path = await fileAt(file.file);
      return path === undefined ? notKept : await readFile(path).catch(() => notKept);
    } catch (error) {
      return errorText(error);
    }
  }

  /** The body that every way of saying something shares; `unsent`: files that are left out, with why. */
  async function bodyOf(message: Message, options: BodyOptions = {}): Promise<Made> {
    const { discussion, id, kept = [], unsent = new Map() } = options;
    const rendered = draw(message, unsent, discussion);
    // Another text of the same name may be in it by now; a picture's name says what is in it.
    const isKept = (file: Attached) =>
      'file' in file && file.name === file.file.file && kept.some((each) => each.file === file.name);
    const missing = new Map<string, string>();
    const files: SentFile[] = [];
    for (const file of rendered.files.filter((each) => !isKept(each))) {
      const data = await contentOf(file);
      if (typeof data === 'string') missing.set(storedName(file), data);
      else files.push({ name: file.name, data, stored: storedName(file) });
    }
    if (missing.size > 0) return bodyOf(message, { ...options, unsent: new Map([...unsent, ...missing]) });
    const shown = kept.filter(({ file }) =>
      rendered.files.some((each) => each.name === file && isKept(each)),
    );
    return {
      files,
      body: {
        components: [{ ...rendered.container, ...(id === undefined ? {} : { id }) }],
        flags: MessageFlags.IsComponentsV2 as number,
        allowed_mentions: { parse: [], users: rendered.mentions },
        attachments: [
          ...shown.map(({ remote }) => ({ id: remote })),
          ...files.map(({ name }, index) => ({ id: String(index), filename: name })),
        ],
      },
    };
  }

  /**
   * Sends a message in some way. Where Discord takes its words and not its files, the words are sent, with the reason: when
   * the files are refused, and when Discord has failed with them for some times. `owner` names the message.
   */
  async function sendBy<T>(
    owner: string,
    message: Message,
    options: BodyOptions,
    send: (made: Made) => Promise<T>,
  ): Promise<T> {
    const made = await bodyOf(message, options);
    try {
      const sent = await send(made);
      failures.delete(owner);
      return sent;
    } catch (error) {
      const unsent = unsentFor(error, owner, made.files);
      if (unsent.size === 0) throw error;
      log.warn({ error: errorText(error), files: [...unsent.keys()] }, 'a message goes without its files');
      return await send(await bodyOf(message, { ...options, unsent }));
    }
  }

  /** Which files a failure is about, with why in words. */
  function unsentFor(error: unknown, owner: string, files: readonly SentFile[]): Unsent {
    const all = (why: string, which = files) => new Map(which.map(({ stored }) => [stored, why]));
    if (!(error instanceof DeliveryError) || files.length === 0) return new Map();
    const { code = 0 } = error as { code?: number };
    if (TOO_LARGE.includes(code)) {
      const large = files.filter(({ data }) => data.length > FILE_MAX);
      return all('they are larger than Discord takes', large.length > 0 ? large : files);
    }
    // It may be the words that are at fault; then they are refused again.
    if (code === MISSING_PERMISSIONS || isNotTaken(error)) return all(errorText(error));
    if (code < 500 || code > 599) return new Map();
    const count = (failures.get(owner) ?? 0) + 1;
    failures.set(owner, count);
    return count < TRIES_WITH_FILES ? new Map() : all(errorText(error));
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
    sendBy,

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
      const options = {
        ...(id === undefined ? {} : { id }),
        ...(discussion === undefined ? {} : { discussion }),
      };
      const sent = await sendBy(`${channel} ${nonce ?? key}`, message, options, ({ body, files }) =>
        api.call<APIMessage>('POST', Routes.channelMessages(channel), {
          ...placeOf(channel, parent),
          makes: true,
          files,
          body: { ...body, ...(nonce === undefined ? {} : { nonce, enforce_nonce: true }) },
        }),
      );
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
      const place = placeOf(channel, parent);
      const edited = await sendBy(owner, message, { ...more, kept: before }, async ({ body, files }) => {
        const patch = () =>
          api.call<APIMessage>('PATCH', Routes.channelMessage(channel, messageId), { ...place, files, body });
        try {
          return await patch();
        } catch (error) {
          if (codeOf(error) !== THREAD_ARCHIVED) throw error;
          await reopen(channel, place);
          return patch();
        }
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

interface SentFile extends RawFile {
  data: Buffer;
  /** Its name in the store, or that of the whole text. */
  stored: string;
}

interface BodyOptions {
  discussion?: string;
  id?: number;
  kept?: KeptFile[];
  unsent?: Unsent;
}

/** What Discord is sent of a message. */
export interface Made {
  files: SentFile[];
  body: {
    components: APIContainerComponent[];
    flags: number;
    allowed_mentions: { parse: []; users: string[] };
    attachments: { id: string; filename?: string }[];
  };
}

function storedName(file: Attached): string {
  return 'file' in file ? file.file.file : OVERFLOW_FILE;
}

export type Sender = ReturnType<typeof createSender>;
