import type { Context as HonoContext } from 'hono';
import { refuse } from './errors.ts';
import { isJson, type Json } from './form.ts';
import { UPLOAD } from './limits.ts';

export interface Upload {
  filename: string;
  contentType: string;
  bytes: Uint8Array;
}

export interface Body {
  json: Json;
  /** By the n of `files[n]`. */
  files: Map<string, Upload>;
}

/** A request's body, JSON or multipart with `payload_json` and `files[n]` (reference: Uploading Files). */
export async function readBody(c: HonoContext, fileLimit: number): Promise<Body> {
  const bytes = await c.req.arrayBuffer();
  if (bytes.byteLength > UPLOAD.request) throw refuse(40005);
  const type = c.req.header('content-type') ?? '';
  if (!type.startsWith('multipart/form-data'))
    return { json: parse(new TextDecoder().decode(bytes)), files: new Map() };
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  const files = new Map<string, Upload>();
  let json: Json = {};
  for (const [name, value] of form) {
    const index = /^files\[(\d+)\]$/.exec(name)?.[1];
    if (name === 'payload_json' && typeof value === 'string') json = parse(value);
    else if (index !== undefined && typeof value !== 'string') {
      if (value.size > fileLimit) throw refuse(50045);
      files.set(index, {
        filename: value.name,
        contentType: value.type || 'application/octet-stream',
        bytes: new Uint8Array(await value.arrayBuffer()),
      });
    }
  }
  return { json, files };
}

function parse(text: string): Json {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    // Bulk overwrites send a list; it travels under one name.
    return isJson(value) ? value : { list: value };
  } catch {
    throw refuse(50109);
  }
}
