import { inflateSync } from 'node:zlib';
import type { Frame } from './frames.ts';

/** What is unpacked at most of what came, bytes: a larger file of a queue is not read at all. */
const UNPACKED_MAX_BYTES = 64 * 1024 * 1024;

/** The bytes behind a head as they were before they were packed. Throws where they are not what the head says. */
export function unpacked({ head, payload }: Frame): Buffer {
  if (head.packed === undefined) return payload;
  const bytes = inflateSync(payload, { maxOutputLength: UNPACKED_MAX_BYTES });
  if (bytes.length !== head.packed) throw new Error('what came is not as long as it says');
  return bytes;
}
