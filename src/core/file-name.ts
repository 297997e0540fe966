import { beginning } from './clip.ts';
import { legible } from './unseen.ts';

/** Of most file systems, in bytes; a character takes four of them at most. */
const LONGEST = 255;
const EXTENSION_MAX = 16;
/** Names of devices on Windows, whatever stands behind a point (learn.microsoft.com, "Naming Files, Paths, and Namespaces"). */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/**
 * A name under which whoever downloads a file can keep it on any system, wherever it came from: of no other folder, not hidden,
 * no device's, and no longer than its end can still be seen.
 */
export function fileName(name: string): string {
  const flat = legible(name)
    .replace(/[/\\:*?"<>|\n\t\u2044\u2215\u29f8\uff0f\uff3c]/g, '_')
    .replace(/^[\s.~-]+|[\s.]+$/g, '');
  const safe = DEVICE.test(flat) ? `_${flat}` : flat;
  if (Buffer.byteLength(safe) <= LONGEST) return safe || 'file';
  const [extension = ''] = /\.[A-Za-z0-9]+$/.exec(safe.slice(-EXTENSION_MAX)) ?? [];
  return `${beginning(safe.slice(0, safe.length - extension.length), Math.floor(LONGEST / 4))}${extension}`;
}
