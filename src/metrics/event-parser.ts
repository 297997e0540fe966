/**
 * Scalars of one `Event` protobuf, read in place: no other field is decoded, images and other large values are
 * stepped over by their length. Field numbers are those of tensorflow's event.proto, summary.proto, tensor.proto.
 */
export interface ScalarSink {
  /** `step` and `wallTime` (epoch seconds) are those of the whole event. */
  scalar(tag: string, step: number, wallTime: number, value: number): void;
  /** Training began again at this step: what an earlier process wrote from there on is superseded. */
  restarted(step: number): void;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
/** tensorflow's DataType (types.proto) of the tensors that scalars come in. */
const DT_FLOAT = 1;
const DT_DOUBLE = 2;
const DT_INT32 = 3;
const DT_INT64 = 9;
/** SessionLog.SessionStatus.START (event.proto). */
const SESSION_START = 1;
/** A tag as long as this is no tag. */
const TAG_BYTES_MAX = 1_024;

/** Reads one event at [start, end). Throws RangeError when the bytes are no protobuf. */
export function parseEvent(
  buffer: Buffer,
  start: number,
  end: number,
  tags: TagTable,
  sink: ScalarSink,
): void {
  const cursor: Cursor = { buffer, at: start };
  let wallTime = 0;
  let step = 0;
  let summaryAt = -1;
  let summaryEnd = -1;
  let sessionStart = false;
  while (cursor.at < end) {
    const key = readVarint(cursor);
    const field = key >>> 3;
    const wire = key & 7;
    if (field === 1 && wire === FIXED64) {
      wallTime = buffer.readDoubleLE(cursor.at);
      cursor.at += 8;
    } else if (field === 2 && wire === VARINT) {
      step = readVarint(cursor);
    } else if (field === 5 && wire === BYTES) {
      const length = readVarint(cursor);
      summaryAt = cursor.at;
      cursor.at += length;
      summaryEnd = cursor.at;
    } else if (field === 7 && wire === BYTES) {
      const length = readVarint(cursor);
      sessionStart = isSessionStart(buffer, cursor.at, cursor.at + length);
      cursor.at += length;
    } else skip(cursor, wire);
  }
  if (cursor.at !== end) throw new RangeError('an event runs past its record');
  if (sessionStart) sink.restarted(step);
  if (summaryAt >= 0) parseSummary(buffer, summaryAt, summaryEnd, step, wallTime, tags, sink);
}

/** Tags by their bytes, so that a tag is decoded once and not once a point. */
export interface TagTable {
  /** The tag in these bytes. */
  decode(buffer: Buffer, start: number, end: number): string;
}

export function createTagTable(): TagTable {
  const byHash = new Map<number, { bytes: Buffer; tag: string }[]>();
  return {
    decode(buffer, start, end) {
      let hash = end - start;
      for (let at = start; at < end; at += 1) hash = (hash * 31 + buffer[at]!) | 0;
      const known = byHash.get(hash);
      for (const each of known ?? []) {
        if (each.bytes.compare(buffer, start, end) === 0) return each.tag;
      }
      const bytes = Buffer.from(buffer.subarray(start, end));
      const entry = { bytes, tag: bytes.toString('utf8') };
      if (known) known.push(entry);
      else byHash.set(hash, [entry]);
      return entry.tag;
    },
  };
}

interface Cursor {
  buffer: Buffer;
  at: number;
}

function parseSummary(
  buffer: Buffer,
  start: number,
  end: number,
  step: number,
  wallTime: number,
  tags: TagTable,
  sink: ScalarSink,
): void {
  const cursor: Cursor = { buffer, at: start };
  while (cursor.at < end) {
    const key = readVarint(cursor);
    if (key !== ((1 << 3) | BYTES)) {
      skip(cursor, key & 7);
      continue;
    }
    const length = readVarint(cursor);
    const valueEnd = cursor.at + length;
    parseValue(buffer, cursor.at, valueEnd, step, wallTime, tags, sink);
    cursor.at = valueEnd;
  }
}

function parseValue(
  buffer: Buffer,
  start: number,
  end: number,
  step: number,
  wallTime: number,
  tags: TagTable,
  sink: ScalarSink,
): void {
  const cursor: Cursor = { buffer, at: start };
  let tagAt = -1;
  let tagEnd = -1;
  let value: number | undefined;
  while (cursor.at < end) {
    const key = readVarint(cursor);
    const field = key >>> 3;
    const wire = key & 7;
    if (field === 2 && wire === FIXED32) {
      value = buffer.readFloatLE(cursor.at);
      cursor.at += 4;
    } else if (wire === BYTES && (field === 1 || field === 8)) {
      const length = readVarint(cursor);
      if (field === 1) {
        tagAt = cursor.at;
        tagEnd = cursor.at + length;
      } else value = scalarOfTensor(buffer, cursor.at, cursor.at + length);
      cursor.at += length;
    } else skip(cursor, wire);
  }
  if (value === undefined || tagAt < 0 || tagEnd - tagAt > TAG_BYTES_MAX) return;
  sink.scalar(tags.decode(buffer, tagAt, tagEnd), step, wallTime, value);
}

/** The value of a tensor that holds exactly one number; undefined for text, histograms and anything larger. */
function scalarOfTensor(buffer: Buffer, start: number, end: number): number | undefined {
  const cursor: Cursor = { buffer, at: start };
  let type = 0;
  let value: number | undefined;
  let count = 0;
  while (cursor.at < end) {
    const key = readVarint(cursor);
    const field = key >>> 3;
    const wire = key & 7;
    if (field === 1 && wire === VARINT) {
      type = readVarint(cursor);
      continue;
    }
    if (field === 2 && wire === BYTES) {
      const length = readVarint(cursor);
      if (!isScalarShape(buffer, cursor.at, cursor.at + length)) return undefined;
      cursor.at += length;
      continue;
    }
    if (wire === BYTES) {
      const length = readVarint(cursor);
      const numbers = packed(buffer, field, type, cursor.at, length);
      if (numbers) {
        count += numbers.count;
        value = numbers.first;
      }
      cursor.at += length;
    } else if (wire === FIXED32 && field === 5) {
      value = buffer.readFloatLE(cursor.at);
      cursor.at += 4;
      count += 1;
    } else if (wire === FIXED64 && field === 6) {
      value = buffer.readDoubleLE(cursor.at);
      cursor.at += 8;
      count += 1;
    } else if (wire === VARINT && (field === 7 || field === 10)) {
      value = readVarint(cursor);
      count += 1;
    } else skip(cursor, wire);
  }
  return count === 1 ? value : undefined;
}

/** float_val 5, double_val 6, int_val 7, int64_val 10 as packed, or tensor_content 4 of one number. */
function packed(
  buffer: Buffer,
  field: number,
  type: number,
  at: number,
  length: number,
): { first: number; count: number } | undefined {
  if (length === 0) return undefined;
  if (field === 5) return { first: buffer.readFloatLE(at), count: length / 4 };
  if (field === 6) return { first: buffer.readDoubleLE(at), count: length / 8 };
  if (field === 7 || field === 10) {
    const cursor: Cursor = { buffer, at };
    const first = readVarint(cursor);
    return { first, count: cursor.at === at + length ? 1 : 2 };
  }
  if (field !== 4) return undefined;
  if (type === DT_FLOAT) return { first: buffer.readFloatLE(at), count: length / 4 };
  if (type === DT_DOUBLE) return { first: buffer.readDoubleLE(at), count: length / 8 };
  if (type === DT_INT32) return { first: buffer.readInt32LE(at), count: length / 4 };
  if (type === DT_INT64) return { first: Number(buffer.readBigInt64LE(at)), count: length / 8 };
  return undefined;
}

/** No dimension, or only dimensions of one. */
function isScalarShape(buffer: Buffer, start: number, end: number): boolean {
  const cursor: Cursor = { buffer, at: start };
  while (cursor.at < end) {
    const key = readVarint(cursor);
    if (key !== ((2 << 3) | BYTES)) {
      skip(cursor, key & 7);
      continue;
    }
    const dimensionEnd = readVarint(cursor) + cursor.at;
    while (cursor.at < dimensionEnd) {
      const inner = readVarint(cursor);
      if (inner === ((1 << 3) | VARINT)) {
        if (readVarint(cursor) !== 1) return false;
      } else skip(cursor, inner & 7);
    }
  }
  return true;
}

function isSessionStart(buffer: Buffer, start: number, end: number): boolean {
  const cursor: Cursor = { buffer, at: start };
  while (cursor.at < end) {
    const key = readVarint(cursor);
    if (key === ((1 << 3) | VARINT)) return readVarint(cursor) === SESSION_START;
    skip(cursor, key & 7);
  }
  return false;
}

/** Base-128, as a number: exact up to 2^53, and negative int64 as such. */
function readVarint(cursor: Cursor): number {
  const { buffer } = cursor;
  let value = 0;
  let scale = 1;
  for (let index = 0; index < 10; index += 1) {
    const byte = buffer[cursor.at];
    if (byte === undefined) throw new RangeError('a varint runs past the end');
    cursor.at += 1;
    if (index === 9) return value + byte * scale - 2 ** 64;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 128;
  }
  throw new RangeError('a varint is too long');
}

function skip(cursor: Cursor, wire: number): void {
  if (wire === VARINT) readVarint(cursor);
  else if (wire === FIXED64) cursor.at += 8;
  else if (wire === FIXED32) cursor.at += 4;
  else if (wire === BYTES) {
    const length = readVarint(cursor);
    cursor.at += length;
  } else throw new RangeError(`wire type ${wire} is not used by tensorflow`);
}
