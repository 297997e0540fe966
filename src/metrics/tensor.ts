import { BYTES, type Cursor, FIXED32, FIXED64, readFieldEnd, readVarint, skip, VARINT } from './protobuf.ts';

/** tensorflow's DataType (types.proto) of the tensors whose content is read as raw little-endian numbers. */
const DT_FLOAT = 1;
const DT_DOUBLE = 2;
const DT_INT32 = 3;
const DT_INT64 = 9;

/** Fields of TensorProto (tensor.proto). */
const DTYPE = 1;
const SHAPE = 2;
const CONTENT = 4;
const FLOAT_VAL = 5;
const DOUBLE_VAL = 6;
/** int_val, int64_val, bool_val, uint32_val, uint64_val. */
const INTEGER_VALS: ReadonlySet<number> = new Set([7, 10, 11, 16, 17]);

/**
 * The value of a TensorProto at [start, end) that holds exactly one number, in whichever of its forms; undefined for
 * text, histograms and anything larger. That a tensor of one number is a scalar, whatever wrote it, is xax's own rule.
 */
export function scalarOfTensor(buffer: Buffer, start: number, end: number): number | undefined {
  const cursor: Cursor = { buffer, at: start };
  let type = 0;
  let value: number | undefined;
  let count = 0;
  while (cursor.at < end) {
    const key = readVarint(cursor);
    const field = key >>> 3;
    const wire = key & 7;
    if (field === DTYPE && wire === VARINT) type = readVarint(cursor);
    else if (field === SHAPE && wire === BYTES) {
      const shapeEnd = readFieldEnd(cursor, end);
      if (!isScalarShape(buffer, cursor.at, shapeEnd)) return undefined;
      cursor.at = shapeEnd;
    } else if (wire === BYTES) {
      const fieldEnd = readFieldEnd(cursor, end);
      const numbers = packed(buffer, field, type, cursor.at, fieldEnd);
      if (numbers) {
        count += numbers.count;
        value = numbers.first;
      }
      cursor.at = fieldEnd;
    } else if (wire === FIXED32 && field === FLOAT_VAL) {
      value = buffer.readFloatLE(cursor.at);
      cursor.at += 4;
      count += 1;
    } else if (wire === FIXED64 && field === DOUBLE_VAL) {
      value = buffer.readDoubleLE(cursor.at);
      cursor.at += 8;
      count += 1;
    } else if (wire === VARINT && INTEGER_VALS.has(field)) {
      value = readVarint(cursor);
      count += 1;
    } else skip(cursor, wire, end);
  }
  return count === 1 ? value : undefined;
}

/** The first of the numbers that stand packed in one field, and how many there are. */
function packed(
  buffer: Buffer,
  field: number,
  type: number,
  at: number,
  end: number,
): { first: number; count: number } | undefined {
  const length = end - at;
  if (length === 0) return undefined;
  if (field === FLOAT_VAL) return { first: buffer.readFloatLE(at), count: length / 4 };
  if (field === DOUBLE_VAL) return { first: buffer.readDoubleLE(at), count: length / 8 };
  if (INTEGER_VALS.has(field)) {
    const cursor: Cursor = { buffer, at };
    const first = readVarint(cursor);
    return { first, count: cursor.at === end ? 1 : 2 };
  }
  if (field !== CONTENT) return undefined;
  if (type === DT_FLOAT) return { first: buffer.readFloatLE(at), count: length / 4 };
  if (type === DT_DOUBLE) return { first: buffer.readDoubleLE(at), count: length / 8 };
  if (type === DT_INT32) return { first: buffer.readInt32LE(at), count: length / 4 };
  if (type === DT_INT64) return { first: Number(buffer.readBigInt64LE(at)), count: length / 8 };
  return undefined;
}

/** Whether a TensorShapeProto has no dimension, or only dimensions of one. */
function isScalarShape(buffer: Buffer, start: number, end: number): boolean {
  const cursor: Cursor = { buffer, at: start };
  while (cursor.at < end) {
    const key = readVarint(cursor);
    if (key !== ((2 << 3) | BYTES)) {
      skip(cursor, key & 7, end);
      continue;
    }
    const dimensionEnd = readFieldEnd(cursor, end);
    while (cursor.at < dimensionEnd) {
      const inner = readVarint(cursor);
      if (inner !== ((1 << 3) | VARINT)) skip(cursor, inner & 7, dimensionEnd);
      else if (readVarint(cursor) !== 1) return false;
    }
  }
  return true;
}
