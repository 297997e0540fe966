import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import {
  encodeFileVersion,
  encodeImageEvent,
  encodeScalarEvent,
  frame,
} from '../../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';
import {
  bytes,
  double,
  fixed32,
  fixed64,
  float,
  integer,
  summaryEvent,
  tensorValue,
  varint,
} from './event-forms.ts';

const [FLOAT, DOUBLE, INT32, STRING, INT64] = [1, 2, 3, 7, 9].map((type) => integer(1, type)) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
];
const NO_DIMENSIONS = bytes(2);
const dimensions = (...sizes: number[]) => bytes(2, ...sizes.map((size) => bytes(2, integer(1, size))));

async function read(...records: Buffer[]) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'tensorboard'));
  writeFileSync(
    join(folder, 'tensorboard', 'events.out.tfevents.1000.host.1.0'),
    Buffer.concat([encodeFileVersion(1000), ...records]),
  );
  const { series, corruptRecords } = await createRunReader(createRunFiles(folder)).read();
  const values = Object.fromEntries(
    series.map(({ tag, length, values }) => [tag, [...values.subarray(0, length)]]),
  );
  return { values, steps: series.map(({ length, steps }) => [...steps.subarray(0, length)]), corruptRecords };
}

describe('a scalar', () => {
  const forms: [string, number, Buffer][] = [
    ['a packed float', 0.5, tensorValue('t', FLOAT, bytes(5, float(0.5)))],
    ['an unpacked float', 0.5, tensorValue('t', FLOAT, fixed32(5, float(0.5)))],
    ['a packed double', 0.1, tensorValue('t', DOUBLE, bytes(6, double(0.1)))],
    ['an unpacked double', 0.1, tensorValue('t', DOUBLE, fixed64(6, double(0.1)))],
    ['the raw content of a float', 0.25, tensorValue('t', FLOAT, NO_DIMENSIONS, bytes(4, float(0.25)))],
    ['the raw content of a double', 0.1, tensorValue('t', DOUBLE, NO_DIMENSIONS, bytes(4, double(0.1)))],
    ['a negative int', -7, tensorValue('t', INT32, bytes(7, varint(-7)))],
    ['an unpacked int', 42, tensorValue('t', INT32, integer(7, 42))],
    [
      'a large negative int64',
      -1_234_567_890_123,
      tensorValue('t', INT64, bytes(10, varint(-1_234_567_890_123n))),
    ],
    ['a tensor of one dimension of one', 3, tensorValue('t', FLOAT, dimensions(1), bytes(5, float(3)))],
    ['the old simple_value', 1.5, Buffer.concat([bytes(1, Buffer.from('t')), fixed32(2, float(1.5))])],
  ];
  for (const [name, value, form] of forms) {
    it(`is read from ${name}`, async () => {
      expect(await read(summaryEvent(3, [form]))).toEqual({
        values: { t: [value] },
        steps: [[3]],
        corruptRecords: 0,
      });
    });
  }

  it('is found beside text, images, histograms and large tensors, which are left alone', async () => {
    const others = [
      tensorValue('text', STRING, bytes(8, Buffer.from('a caption'))),
      tensorValue('vector', FLOAT, dimensions(3), bytes(5, float(1), float(2), float(3))),
      tensorValue('repeated', FLOAT, dimensions(1_000), bytes(5, float(1))),
      Buffer.concat([bytes(1, Buffer.from('histogram')), bytes(5, fixed64(1, double(0)))]),
    ];
    const scalar = tensorValue('t', FLOAT, bytes(5, float(2)));
    const image = encodeImageEvent({ step: 1, wallTime: 1, tag: 'image', image: Buffer.alloc(200_000, 7) });
    expect(
      (await read(summaryEvent(1, [...others, scalar]), image, summaryEvent(2, [scalar]))).values,
    ).toEqual({
      t: [2, 2],
    });
  });

  it('is not lost when so many are logged in one event that it is as large as an image', async () => {
    const values = Array.from({ length: 1_500 }, (_, index) =>
      tensorValue(`parameters/layer_${index}/attention/query/kernel/norm`, FLOAT, bytes(5, float(index))),
    );
    const event = summaryEvent(1, values);
    expect(event.length).toBeGreaterThan(64 * 1024);
    expect(Object.keys((await read(event)).values)).toHaveLength(1_500);
  });

  it('keeps a step before zero', async () => {
    expect((await read(summaryEvent(-1, [tensorValue('t', FLOAT, bytes(5, float(1)))]))).steps).toEqual([
      [-1],
    ]);
  });
});

describe('a record that is no event', () => {
  const good = encodeScalarEvent({ step: 1, wallTime: 1, tag: 't', value: 1 });
  const bad: [string, Buffer][] = [
    ['a length that goes backwards', Buffer.concat([varint(5 * 8 + 2), varint(-3)])],
    ['a field that runs past its message', Buffer.concat([varint(5 * 8 + 2), varint(1_000)])],
    ['a number that never ends', Buffer.alloc(30, 0xff)],
    ['a wire type that does not exist', varint(5 * 8 + 7)],
  ];
  for (const [name, record] of bad) {
    it(`with ${name} is counted, and the next one is read`, async () => {
      const run = await read(frame(record), good);
      expect(run.values.t).toEqual([1]);
      expect(run.corruptRecords).toBe(1);
    });
  }
});
