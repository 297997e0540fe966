import type { Json, SlackWorld } from './world.ts';

/** How files are uploaded, looked at and deleted. */
export function createFileMethods(world: SlackWorld) {
  const { inner, files, directs, joined } = world;

  async function uploadUrl(args: Json): Promise<Json> {
    const made = await inner('files.getUploadURLExternal', args);
    files.set(String(made.file_id), {
      asked: 0,
      complete: false,
      shared: undefined,
      thread: undefined,
      deleted: false,
      bytes: 0,
    });
    return { ...made, upload_url: `${world.trouble.base}/upload/${String(made.file_id)}` };
  }

  async function complete(args: Json): Promise<Json> {
    const given = args.files as { id: string; title?: string }[];
    for (const { id } of given) {
      const file = files.get(id);
      if (!file || file.bytes === 0) return { ok: false, error: 'file_not_found' };
      Object.assign(file, { complete: true, shared: args.channel_id, thread: args.thread_ts });
    }
    if (
      args.channel_id !== undefined &&
      !joined.has(String(args.channel_id)) &&
      ![...directs.values()].includes(String(args.channel_id))
    )
      return { ok: false, error: 'not_in_channel' };
    return inner('files.completeUploadExternal', args);
  }

  function info(args: Json): Json {
    const file = files.get(String(args.file));
    if (!file?.complete || file.deleted) return { ok: false, error: 'file_not_found' };
    file.asked += 1;
    const mimetype = file.asked >= world.fileReadyAfter ? 'image/png' : '';
    return { ok: true, file: { id: args.file, mimetype } };
  }

  function remove(args: Json): Json {
    const file = files.get(String(args.file));
    if (!file || file.deleted) return { ok: false, error: 'file_not_found' };
    file.deleted = true;
    return { ok: true };
  }

  return { uploadUrl, complete, info, remove };
}
