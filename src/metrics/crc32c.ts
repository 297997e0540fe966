/** The Castagnoli polynomial, reflected. */
const POLYNOMIAL = 0x82f63b78;
/** TFRecord masks its checksums so that a checksum of checksums stays sound (tensorflow/core/lib/hash/crc32c.h). */
const MASK_DELTA = 0xa282ead8;
/** Bytes that are taken in at once ("slicing by eight": Kounavis and Berry, 2005). */
const AT_ONCE = 8;

/** What a byte does to a checksum, when it is followed by 0, 1, … 7 more bytes: eight tables, one after the other. */
const TABLES = tables();

function tables(): Int32Array {
  const all = new Int32Array(AT_ONCE * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    all[byte] = crc;
  }
  for (let at = 256; at < all.length; at += 1) {
    const before = all[at - 256]!;
    all[at] = all[before & 0xff]! ^ (before >>> 8);
  }
  return all;
}

/** The masked CRC-32C of bytes [start, end), as TFRecord stores it. */
export function maskedCrc32c(bytes: Uint8Array, start: number, end: number): number {
  let crc = -1;
  let at = start;
  for (const last = end - AT_ONCE; at <= last; at += AT_ONCE) {
    const low = crc ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    crc =
      TABLES[0x700 + (low & 0xff)]! ^
      TABLES[0x600 + ((low >>> 8) & 0xff)]! ^
      TABLES[0x500 + ((low >>> 16) & 0xff)]! ^
      TABLES[0x400 + (low >>> 24)]! ^
      TABLES[0x300 + bytes[at + 4]!]! ^
      TABLES[0x200 + bytes[at + 5]!]! ^
      TABLES[0x100 + bytes[at + 6]!]! ^
      TABLES[bytes[at + 7]!]!;
  }
  for (; at < end; at += 1) crc = TABLES[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  crc = ~crc;
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}
