const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

/** Width and height in pixels of a PNG, from its header; nothing for anything else. */
export function imageSize(bytes: Uint8Array): { width?: number; height?: number } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 24 || !buffer.subarray(0, 8).equals(PNG)) return {};
  return { width: buffer.readUInt32BE(16), height: buffer.readUInt32BE(20) };
}
