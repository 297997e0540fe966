import { BYTES, type Cursor, FIXED32, FIXED64, readFieldEnd, readVarint, skip, VARINT } from './protobuf.ts';
import type { Tag, TagTable } from './tag-table.ts';
import { scalarOfTensor } from './tensor.ts';

/**
 * Scalars of one `Event` protobuf, read in place: no other field is decoded, images and other large values are
 * stepped over by their length. Field numbers are those of tensorflow's event.proto and summary.proto.
 */
export interface ScalarSink {
  /** `step` and `wallTime` (epoch seconds) are those of the whole event. */
  scalar(tag: Tag, step: number, wallTime: number, value: number): void;
  /** The event says that training began again at this step: what was written from there on is superseded. */
  restarted(step: number): void;
}

/** SessionLog.SessionStatus.START (event.proto). */
const SESSION_START = 1;
/** A tag as long as this is no tag. */
const TAG_BYTES_MAX = 1_024;

/** Reads one event from the cursor to `end`. Throws RangeError when the bytes are no protobuf. */
export function parseEvent(cursor: Cursor, end: number, tags: TagTable, sink: ScalarSink): void {
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
      wallTime = cursor.view.getFloat64(cursor.at, true);
      cursor.at += 8;
    } else if (field === 2 && wire === VARINT) {
      step = readVarint(cursor);
    } else if (field === 5 && wire === BYTES) {
      summaryEnd = readFieldEnd(cursor, end);
      summaryAt = cursor.at;
      cursor.at = summaryEnd;
    } else if (field === 7 && wire === BYTES) {
      const logEnd = readFieldEnd(cursor, end);
      sessionStart = isSessionStart(cursor, logEnd);
      cursor.at = logEnd;
    } else skip(cursor, wire, end);
  }
  if (cursor.at !== end) throw new RangeError('an event runs past its record');
  if (sessionStart) sink.restarted(step);
  if (summaryAt < 0) return;
  cursor.at = summaryAt;
  parseSummary(cursor, summaryEnd, step, wallTime, tags, sink);
}

function parseSummary(
  cursor: Cursor,
  end: number,
  step: number,
  wallTime: number,
  tags: TagTable,
  sink: ScalarSink,
): void {
  while (cursor.at < end) {
    const key = readVarint(cursor);
    if (key !== ((1 << 3) | BYTES)) {
      skip(cursor, key & 7, end);
      continue;
    }
    const valueEnd = readFieldEnd(cursor, end);
    parseValue(cursor, valueEnd, step, wallTime, tags, sink);
    cursor.at = valueEnd;
  }
}

/** A Summary.Value: tag 1, simple_value 2, tensor 8. */
function parseValue(
  cursor: Cursor,
  end: number,
  step: number,
  wallTime: number,
  tags: TagTable,
  sink: ScalarSink,
): void {
  let tagAt = -1;
  let tagEnd = -1;
  let value: number | undefined;
  while (cursor.at < end) {
    const key = readVarint(cursor);
    const field = key >>> 3;
    const wire = key & 7;
    if (field === 2 && wire === FIXED32) {
      value = cursor.view.getFloat32(cursor.at, true);
      cursor.at += 4;
    } else if (wire === BYTES && (field === 1 || field === 8)) {
      const fieldEnd = readFieldEnd(cursor, end);
      if (field === 8) value = scalarOfTensor(cursor, fieldEnd);
      else {
        tagAt = cursor.at;
        tagEnd = fieldEnd;
      }
      cursor.at = fieldEnd;
    } else skip(cursor, wire, end);
  }
  if (value === undefined || tagAt < 0 || tagEnd - tagAt > TAG_BYTES_MAX) return;
  const tag = tags.find(cursor.buffer, tagAt, tagEnd);
  if (tag !== undefined) sink.scalar(tag, step, wallTime, value);
}

function isSessionStart(cursor: Cursor, end: number): boolean {
  while (cursor.at < end) {
    const key = readVarint(cursor);
    if (key === ((1 << 3) | VARINT)) return readVarint(cursor) === SESSION_START;
    skip(cursor, key & 7, end);
  }
  return false;
}
