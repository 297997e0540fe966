import { maskedCrc32c } from './crc32c.ts';

/**
 * Records of a tfevents file, framed as TFRecord: u64 length, masked crc32c of it, bytes, masked crc32c of them.
 * Field numbers are those of tensorflow's event.proto, summary.proto and tensor.proto.
 */

/** The first record of a file: it tells the format's version. `wallTime` in epoch seconds. */
export function encodeFileVersion(wallTime: number): Buffer {
  return frame(Buffer.concat([double(1, wallTime), bytes(3, Buffer.from('brain.Event:2'))]));
}

/** One scalar point in the form that TensorBoard's current writers use: a float tensor with the scalars plugin. */
export function encodeScalarEvent({
  step,
  wallTime,
  tag,
  value,
}: {
  step: number;
  wallTime: number;
  tag: string;
  value: number;
}): Buffer {
  const floats = Buffer.alloc(4);
  floats.writeFloatLE(value);
  const tensor = Buffer.concat([varint(1, DT_FLOAT), bytes(2, Buffer.alloc(0)), bytes(5, floats)]);
  const plugin = bytes(1, bytes(1, Buffer.from('scalars')));
  return encodeSummary(step, wallTime, [bytes(1, Buffer.from(tag)), bytes(9, plugin), bytes(8, tensor)]);
}

/** An encoded image, as xax logs one beside the scalars of a heavy step. */
export function encodeImageEvent({
  step,
  wallTime,
  tag,
  image,
}: {
  step: number;
  wallTime: number;
  tag: string;
  image: Buffer;
}): Buffer {
  return encodeSummary(step, wallTime, [bytes(1, Buffer.from(tag)), bytes(4, bytes(4, image))]);
}

/** An event with one Summary.Value of these fields. */
function encodeSummary(step: number, wallTime: number, value: readonly Buffer[]): Buffer {
  const summary = bytes(5, bytes(1, Buffer.concat(value)));
  return frame(Buffer.concat([double(1, wallTime), varint(2, step), summary]));
}

/** tensorflow's DataType of 32-bit floats (types.proto). */
const DT_FLOAT = 1;

/** Puts a record's length and checksums around it. */
export function frame(record: Buffer): Buffer {
  const framed = Buffer.alloc(12 + record.length + 4);
  framed.writeBigUInt64LE(BigInt(record.length), 0);
  framed.writeUInt32LE(maskedCrc32c(framed, 0, 8), 8);
  record.copy(framed, 12);
  framed.writeUInt32LE(maskedCrc32c(framed, 12, 12 + record.length), 12 + record.length);
  return framed;
}

function varint(field: number, value: number): Buffer {
  return Buffer.concat([base128(field * 8), base128(value)]);
}

function double(field: number, value: number): Buffer {
  const encoded = Buffer.alloc(9);
  encoded.writeUInt8(field * 8 + 1, 0);
  encoded.writeDoubleLE(value, 1);
  return encoded;
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([base128(field * 8 + 2), base128(value.length), value]);
}

function base128(value: number): Buffer {
  const out: number[] = [];
  let rest = BigInt(value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(out);
}
