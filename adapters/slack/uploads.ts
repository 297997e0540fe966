import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryError } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { FileRef, Message } from '../../src/core/message.ts';
import { type Patience, withPatience } from '../../src/core/patience.ts';
import { OVERFLOW_FILE, type Unsent } from '../../src/core/unsent-files.ts';
import { CALL_TIMEOUT_MS, type SlackClient } from './client.ts';
import type { SlackTimings } from './timings.ts';

/** Words wait for their files as long as whoever asked would, milliseconds. */
export const FILES_WAIT_MS = 3_000;
/** So long Slack is tried at each step of a file on its way, milliseconds; then the message goes without it. */
const PATIENCE: Patience = { forMs: 2_000 };

/**
 * Files on their way to Slack. Images are uploaded without being shared, and shown by the message that refers to
 * them; other files are shared into a channel or thread.
 */
export function createSlackUploads(deps: {
  client: SlackClient;
  ports: Pick<AdapterPorts, 'uploads' | 'fileAt'>;
  fetch: typeof globalThis.fetch;
  log: Log;
  timings: Pick<SlackTimings, 'readyMs' | 'readyPollMs'>;
}) {
  const { client, log } = deps;
  const { readyMs, readyPollMs } = deps.timings;
  const { uploads, fileAt } = deps.ports;

  async function upload(
    bytes: Uint8Array,
    name: string,
    share: { channel_id?: string; thread_ts?: string } = {},
  ): Promise<string> {
    const id = await withPatience(() => sent(bytes, name), PATIENCE);
    let isDoubtful = false;
    await withPatience(async () => {
      if (isDoubtful && (await isComplete(id))) return;
      try {
        await client.call('files.completeUploadExternal', { files: [{ id, title: name }], ...share });
      } catch (error) {
        isDoubtful = error instanceof DeliveryError && error.outcome === 'doubtful';
        throw error;
      }
    }, PATIENCE);
    return id;
  }

  /** Whether an upload was completed, and with that shared: before that Slack knows no such file. */
  async function isComplete(id: string): Promise<boolean> {
    try {
      await client.call('files.info', { file: id });
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === 'file_not_found') return false;
      throw error;
    }
  }

  /** Slack's id of bytes that it has and shows nowhere yet. */
  async function sent(bytes: Uint8Array, name: string): Promise<string> {
    const { upload_url, file_id } = await client.call<{ upload_url: string; file_id: string }>(
      'files.getUploadURLExternal',
      { filename: name, length: bytes.length },
    );
    const answer = await deps
      .fetch(upload_url, {
        method: 'POST',
        body: Buffer.from(bytes),
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      })
      .catch((error) => {
        throw new DeliveryError('retry', `Slack cannot be reached: ${errorText(error)}`);
      });
    if (answer.ok) return file_id;
    const isRefused = answer.status < 500 && answer.status !== 429;
    throw new DeliveryError(isRefused ? 'never' : 'retry', `Slack answered ${answer.status} to the upload`);
  }

  /** An image cannot be shown before Slack has looked at it, which it says by giving it a type. */
  async function untilReady(id: string): Promise<boolean> {
    for (let waited = 0; waited <= readyMs; waited += readyPollMs) {
      const { file } = await client.call<{ file: { mimetype?: string } }>('files.info', { file: id });
      if (file.mimetype) return true;
      await sleep(readyPollMs);
    }
    return false;
  }

  return {
    /**
     * Slack's ids of a message's images, uploaded where they were not yet for this `owner` (the message's key or
     * ref). `unsent`: those that cannot be had, with why.
     */
    async images(message: Message, owner: string): Promise<{ ids: Map<string, string>; unsent: Unsent }> {
      const ids = new Map<string, string>();
      const unsent = new Map<string, string>();
      for (const block of message.blocks) {
        if (block.kind !== 'image') continue;
        const { file } = block.image;
        const known = uploads.find(owner, file);
        if (known !== undefined) {
          ids.set(file, known);
          continue;
        }
        try {
          const path = await fileAt(block.image);
          if (path === undefined) throw new Error('the picture is no longer kept');
          const id = await upload(await readFile(path), file);
          if (!(await untilReady(id))) throw new Error('Slack did not make it ready in time');
          uploads.add(owner, file, id);
          ids.set(file, id);
        } catch (error) {
          log.warn({ file, error: errorText(error) }, 'an image is shown as text in Slack');
          unsent.set(file, errorText(error));
        }
      }
      return { ids, unsent };
    },

    /** Takes away what an earlier version of a message showed and this one does not. */
    async tidy(message: Message, owner: string): Promise<void> {
      const shown = message.blocks.flatMap((block) => (block.kind === 'image' ? [block.image.file] : []));
      for (const { file, remote } of uploads.of(owner)) {
        if (shown.includes(file)) continue;
        uploads.remove(owner, file);
        await client
          .call('files.delete', { file: remote })
          .catch((error) => log.debug({ file, error: errorText(error) }, 'an old image stays in Slack'));
      }
    },

    /**
     * Shares what cannot stand in a message into a channel or thread: its files, and the whole text where not all of it
     * fits. Resolves to what could not be shared, with why.
     */
    async attach(
      message: Message,
      overflow: string | undefined,
      { channel, thread }: { channel: string; thread: string | undefined },
    ): Promise<Unsent> {
      const share = { channel_id: channel, ...(thread === undefined ? {} : { thread_ts: thread }) };
      const unsent = new Map<string, string>();
      const attempt = async (file: string, name: string, bytes: () => Promise<Uint8Array>) => {
        try {
          await upload(await bytes(), name, share);
        } catch (error) {
          log.warn({ file: name, error: errorText(error) }, 'a file did not reach Slack');
          unsent.set(file, errorText(error));
        }
      };
      for (const { file, name } of filesOf(message))
        await attempt(file.file, name, async () => {
          const path = await fileAt(file);
          if (path === undefined) throw new Error(`the file ${name} is no longer kept`);
          return readFile(path);
        });
      if (overflow !== undefined)
        await attempt(OVERFLOW_FILE, OVERFLOW_FILE, async () => Buffer.from(overflow));
      return unsent;
    },
  };
}

export type SlackUploads = ReturnType<typeof createSlackUploads>;

/** The files that follow a message. */
export function filesOf(message: Message): { file: FileRef; name: string }[] {
  return message.blocks.flatMap((block) =>
    block.kind === 'file' ? [{ file: block.file, name: block.name }] : [],
  );
}
