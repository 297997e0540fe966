import { frame } from '../../src/metrics/tfevents-writer.ts';

/** Pieces of Event protobufs in forms that xaxbot itself never writes, for tests of what it must read. */

export function varint(value: number | bigint): Buffer {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(out);
}

export const integer = (field: number, value: number | bigint): Buffer =>
  Buffer.concat([varint(field * 8), varint(value)]);

export const bytes = (field: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
};

export function float(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeFloatLE(value);
  return out;
}

export function double(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeDoubleLE(value);
  return out;
}

export const fixed32 = (field: number, value: Buffer): Buffer =>
  Buffer.concat([varint(field * 8 + 5), value]);
export const fixed64 = (field: number, value: Buffer): Buffer =>
  Buffer.concat([varint(field * 8 + 1), value]);

/** A framed event of these Summary.Values, each given by its fields. */
export function summaryEvent(step: number | bigint, values: readonly Buffer[]): Buffer {
  const summary = bytes(5, ...values.map((value) => bytes(1, value)));
  return frame(Buffer.concat([fixed64(1, double(1000)), integer(2, step), summary]));
}

/** One value with a tensor of these fields. */
export const tensorValue = (tag: string, ...fields: Buffer[]): Buffer =>
  Buffer.concat([bytes(1, Buffer.from(tag)), bytes(8, ...fields)]);

/** SessionLog.START at this step. */
export const sessionStart = (step: number): Buffer =>
  frame(Buffer.concat([fixed64(1, double(1000)), integer(2, step), bytes(7, integer(1, 1))]));
