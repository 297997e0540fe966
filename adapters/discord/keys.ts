import { createHash } from 'node:crypto';
import { NONCE_MAX } from './limits.ts';

/** Names a delivery for Discord's own deduplication, which holds for some minutes. */
export function nonceOf(key: string): string {
  return createHash('sha256')
    .update(key)
    .digest('base64url')
    .slice(0, NONCE_MAX - 1);
}

/** Below these Discord numbers components by itself. */
const OWN_IDS_FROM = 2 ** 24;

/**
 * Names a delivery for as long as its message stands: the number of its container, which Discord keeps and gives
 * back. 31 bits, looked for among the bot's own messages of one channel.
 */
export function componentIdOf(key: string): number {
  const hash = createHash('sha256').update(key).digest().readUInt32BE(0) >>> 1;
  return hash < OWN_IDS_FROM ? hash + OWN_IDS_FROM : hash;
}
