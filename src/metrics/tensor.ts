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
 * The value of a TensorProto from the cursor to `end` that holds exactly one number, in whichever of its forms; undefined for
 * text, histograms and anything larger. That a tensor of one number is a scalar, whatever wrote it, is xax's own rule. It leaves
 * the cursor anywhere.
 */
export function scalarOfTensor(cursor: Cursor, end: number): number | undefined {
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
      if (!isScalarShape(cursor, shapeEnd)) return undefined;
      cursor.at = shapeEnd;
    } else if (wire === BYTES) {
      const fieldEnd = readFieldEnd(cursor, end);
      const numbers = packedCount(cursor, field, type, fieldEnd);
      if (numbers > 0) {
        count += numbers;
        value = packedFirst(cursor, field, type);
      }
      cursor.at = fieldEnd;
    } else if (wire === FIXED32 && field === FLOAT_VAL) {
      value = cursor.view.getFloat32(cursor.at, true);
      cursor.at += 4;
      count += 1;
    } else if (wire === FIXED64 && field === DOUBLE_VAL) {
      value = cursor.view.getFloat64(cursor.at, true);
      cursor.at += 8;
      count += 1;
    } else if (wire === VARINT && INTEGER_VALS.has(field)) {
      value = readVarint(cursor);
      count += 1;
    } else skip(cursor, wire, end);
  }
  return count === 1 ? value : undefined;
}

/** How many bytes a number takes in a field's raw content, by the tensor's type. */
function bytesOf(type: number): number {
  if (type === DT_FLOAT || type === DT_INT32) return 4;
  return type === DT_DOUBLE || type === DT_INT64 ? 8 : 0;
}

/** How many numbers stand packed in one field, up to `end`; 0 where it holds none. More than one varint counts as two. */
function packedCount({ buffer, at }: Cursor, field: number, type: number, end: number): number {
  const length = end - at;
  if (field === FLOAT_VAL) return length / 4;
  if (field === DOUBLE_VAL) return length / 8;
  if (field === CONTENT) return bytesOf(type) > 0 ? length / bytesOf(type) : 0;
  if (!INTEGER_VALS.has(field) || length === 0) return 0;
  return buffer.subarray(at, end - 1).every((byte) => byte >= 0x80) ? 1 : 2;
}

/** The first of them. */
function packedFirst(cursor: Cursor, field: number, type: number): number {
  const { view, at } = cursor;
  if (field === FLOAT_VAL) return view.getFloat32(at, true);
  if (field === DOUBLE_VAL) return view.getFloat64(at, true);
  if (field !== CONTENT) return readVarint(cursor);
  if (type === DT_FLOAT) return view.getFloat32(at, true);
  if (type === DT_DOUBLE) return view.getFloat64(at, true);
  return type === DT_INT32 ? view.getInt32(at, true) : Number(view.getBigInt64(at, true));
}

/** Whether a TensorShapeProto has no dimension, or only dimensions of one. */
function isScalarShape(cursor: Cursor, end: number): boolean {
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
