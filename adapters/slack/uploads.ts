import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryError } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { FileRef, Message } from '../../src/core/message.ts';
import type { SlackClient } from './client.ts';
import type { SlackTimings } from './timings.ts';

/**
 * Files on their way to Slack. Images are uploaded without being shared, and shown by the message that refers to
 * them; other files are shared into a channel or thread.
 */
export function createSlackUploads(deps: {
  client: SlackClient;
  ports: Pick<AdapterPorts, 'uploads' | 'pathOf'>;
  fetch: typeof globalThis.fetch;
  log: Log;
  timings: Pick<SlackTimings, 'readyMs' | 'readyPollMs'>;
}) {
  const { client, log } = deps;
  const { readyMs, readyPollMs } = deps.timings;
  const { uploads, pathOf } = deps.ports;

  async function upload(
    bytes: Uint8Array,
    name: string,
    share: { channel_id?: string; thread_ts?: string } = {},
  ): Promise<string> {
    const { upload_url, file_id } = await client.call<{ upload_url: string; file_id: string }>(
      'files.getUploadURLExternal',
      { filename: name, length: bytes.length },
    );
    const sent = await deps.fetch(upload_url, { method: 'POST', body: Buffer.from(bytes) });
    if (!sent.ok) throw new DeliveryError('retry', `Slack refused the upload: ${sent.status}`);
    await client.call('files.completeUploadExternal', { files: [{ id: file_id, title: name }], ...share });
    return file_id;
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
     * ref). An image that cannot be had is left out: its words are shown instead.
     */
    async images(message: Message, owner: string): Promise<Map<string, string>> {
      const ids = new Map<string, string>();
      for (const block of message.blocks) {
        if (block.kind !== 'image') continue;
        const { file } = block.image;
        const known = uploads.find(owner, file);
        if (known !== undefined) {
          ids.set(file, known);
          continue;
        }
        try {
          const path = pathOf(block.image);
          if (path === undefined) continue;
          const id = await upload(await readFile(path), file);
          if (!(await untilReady(id))) throw new Error('Slack did not make it ready in time');
          uploads.add(owner, file, id);
          ids.set(file, id);
        } catch (error) {
          log.warn({ file, error: errorText(error) }, 'an image is shown as text in Slack');
        }
      }
      return ids;
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

    /** Shares a kept file into a channel or thread. */
    async share(file: FileRef, name: string, channel: string, thread: string | undefined): Promise<void> {
      const path = pathOf(file);
      if (path === undefined) throw new DeliveryError('never', `the file ${name} is no longer kept`);
      await this.shareBytes(await readFile(path), name, channel, thread);
    },

    async shareBytes(
      bytes: Uint8Array,
      name: string,
      channel: string,
      thread: string | undefined,
    ): Promise<void> {
      await upload(bytes, name, {
        channel_id: channel,
        ...(thread === undefined ? {} : { thread_ts: thread }),
      });
    },
  };
}

export type SlackUploads = ReturnType<typeof createSlackUploads>;
