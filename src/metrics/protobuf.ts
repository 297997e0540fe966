/** Protobuf's wire format, read in place. Everything here throws RangeError when the bytes are no protobuf. */

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

/** With 7 bits in each byte a varint of up to this many is exact as a number; longer ones are mostly negative int64. */
const EXACT_BYTES = 7;
const VARINT_MAX_BYTES = 10;

/** A place in bytes that is moved on as they are read. One serves a whole file: to make one a message costs more than to read it. */
export interface Cursor {
  buffer: Buffer;
  /** The same bytes, for numbers of a fixed length: it throws RangeError beyond their end. */
  view: DataView;
  at: number;
}

export function cursorAt(buffer: Buffer, at: number): Cursor {
  return { buffer, view: new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength), at };
}

/** A base-128 number as the int64 it stands for, exact between -2^53 and 2^53. */
export function readVarint(cursor: Cursor): number {
  const { buffer, at } = cursor;
  let byte = buffer[at];
  let value = 0;
  let scale = 1;
  for (let index = 1; byte !== undefined && index <= EXACT_BYTES; index += 1) {
    if (byte < 0x80) {
      cursor.at = at + index;
      return value + byte * scale;
    }
    value += (byte & 0x7f) * scale;
    scale *= 128;
    byte = buffer[at + index];
  }
  return readLongVarint(cursor);
}

function readLongVarint(cursor: Cursor): number {
  let value = 0n;
  for (let index = 0; index < VARINT_MAX_BYTES; index += 1) {
    const byte = cursor.buffer[cursor.at + index];
    if (byte === undefined) throw new RangeError('a varint runs past the end');
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) {
      cursor.at += index + 1;
      return Number(BigInt.asIntN(64, value));
    }
  }
  throw new RangeError('a varint is too long');
}

/** Reads a field's length and returns where the field ends, which is never past `end`. */
export function readFieldEnd(cursor: Cursor, end: number): number {
  const length = readVarint(cursor);
  if (length < 0 || length > end - cursor.at) throw new RangeError('a field runs past its message');
  return cursor.at + length;
}

/** Steps over a field of this wire type. */
export function skip(cursor: Cursor, wire: number, end: number): void {
  if (wire === VARINT) readVarint(cursor);
  else if (wire === FIXED64) cursor.at += 8;
  else if (wire === FIXED32) cursor.at += 4;
  else if (wire === BYTES) cursor.at = readFieldEnd(cursor, end);
  else throw new RangeError(`wire type ${wire} is not used by tensorflow`);
}

/** Visits the fields of a message at [from, to) that have a length; all others are stepped over. */
export function eachField(
  buffer: Buffer,
  from: number,
  to: number,
  visit: (field: number, from: number, to: number) => void,
): void {
  const cursor = cursorAt(buffer, from);
  while (cursor.at < to) {
    const key = readVarint(cursor);
    if ((key & 7) !== BYTES) {
      skip(cursor, key & 7, to);
      continue;
    }
    const end = readFieldEnd(cursor, to);
    visit(key >>> 3, cursor.at, end);
    cursor.at = end;
  }
}
