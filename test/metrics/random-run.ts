import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFileVersion, frame } from '../../src/metrics/tfevents-writer.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { bytes, double, fixed32, fixed64, float, integer, tensorValue, varint } from './event-forms.ts';

const TAGS = ['value/loss', 'a', 'ähnlich/größe', '🕒 timers/dt', 'x'.repeat(300), 'only/once', 'with space'];
const SPECIAL = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e-40, 3.4e38, -1];

/**
 * A folder of event files as a seed gives it: scalars in every form that TensorBoard takes for one, among images,
 * histograms, text and records without a summary, over one to three files of which the last may end in half a record.
 */
export function writeRandomRun(folder: string, seed: number): void {
  const random = seededRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!;
  const value = () => (random() < 0.1 ? pick(SPECIAL) : (random() - 0.5) * 10 ** below(8));
  const plugin = (name: string) => bytes(9, bytes(1, bytes(1, Buffer.from(name))));

  function scalar(tag: string): Buffer {
    const forms: (() => Buffer)[] = [
      () => tensorValue(tag, integer(1, 1), bytes(2), bytes(5, float(value()))),
      () => tensorValue(tag, integer(1, 1), bytes(2), fixed32(5, float(value()))),
      () => tensorValue(tag, integer(1, 2), bytes(2), bytes(6, double(value()))),
      () => tensorValue(tag, integer(1, 1), bytes(2), bytes(4, float(value()))),
      () => tensorValue(tag, integer(1, 3), bytes(2), bytes(7, varint(below(2 ** 31) - 2 ** 30))),
      () => tensorValue(tag, integer(1, 9), bytes(2), bytes(10, varint(-below(2 ** 40)))),
      () => Buffer.concat([bytes(1, Buffer.from(tag)), fixed32(2, float(value()))]),
    ];
    return Buffer.concat([pick(forms)(), plugin('scalars')]);
  }

  function other(): Buffer {
    const noise = Buffer.from(Array.from({ length: below(4_000) }, () => below(256)));
    const forms: (() => Buffer)[] = [
      () =>
        Buffer.concat([
          bytes(1, Buffer.from('image')),
          bytes(4, integer(1, 8), integer(2, 8), bytes(4, noise)),
        ]),
      () =>
        Buffer.concat([
          bytes(1, Buffer.from('histogram')),
          bytes(5, bytes(6, double(1)), bytes(7, double(1))),
        ]),
      () => Buffer.concat([tensorValue('text', integer(1, 7), bytes(8, noise)), plugin('text')]),
    ];
    return pick(forms)();
  }

  mkdirSync(folder, { recursive: true });
  const files = 1 + below(3);
  let step = below(3);
  let wallTime = 1_700_000_000 + random();
  for (let index = 0; index < files; index += 1) {
    const records = [encodeFileVersion(wallTime)];
    for (let count = below(200); count >= 0; count -= 1) {
      step += below(3);
      wallTime += random() * 10;
      const values = Array.from({ length: 1 + below(5) }, () =>
        random() < 0.7 ? scalar(pick(TAGS)) : other(),
      );
      const summary = random() < 0.05 ? [] : [bytes(5, ...values.map((each) => bytes(1, each)))];
      records.push(frame(Buffer.concat([fixed64(1, double(wallTime)), integer(2, step), ...summary])));
    }
    const whole = Buffer.concat(records);
    const isCut = index === files - 1 && random() < 0.5;
    const end = isCut ? whole.length - 1 - below(records.at(-1)!.length - 1) : whole.length;
    writeFileSync(join(folder, `events.out.tfevents.1700000000.host.7.${index}`), whole.subarray(0, end));
  }
}

/** Where other stacks than xax put their event files, below the run's folder. */
const PLACES = [
  '.',
  'train',
  'validation',
  'runs/Nov30_12-00-00_host',
  'lightning_logs/version_0',
  'a/b/c d',
];

/** The same in one to three folders of a run, as a seed gives it. */
export function writeScatteredRun(folder: string, seed: number): void {
  const random = seededRandom(seed);
  const from = Math.floor(random() * PLACES.length);
  const count = 1 + Math.floor(random() * 3);
  for (let index = 0; index < count; index += 1)
    writeRandomRun(join(folder, PLACES[(from + index) % PLACES.length]!), seed + index);
}

/**
 * A folder with one event file whose steps begin again now and then, for all of its tags or for some of them, as a seed
 * gives it. No tag has a step twice running.
 */
export function writeRestartedRun(folder: string, seed: number): void {
  const random = seededRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  mkdirSync(folder, { recursive: true });
  const records = [encodeFileVersion(1_700_000_000)];
  const last = new Map<string, number>();
  let step = below(5);
  let wallTime = 1_700_000_000 + random();
  for (let count = 100 + below(300); count > 0; count -= 1) {
    step = random() < 0.04 ? below(step + 1) : step + 1 + below(3);
    wallTime += random() * 10;
    const tags = TAGS.filter((tag) => random() < 0.6 && last.get(tag) !== step);
    for (const tag of tags) last.set(tag, step);
    const plugin = bytes(9, bytes(1, bytes(1, Buffer.from('scalars'))));
    const values = tags.map((tag) =>
      bytes(
        1,
        Buffer.concat([tensorValue(tag, integer(1, 1), bytes(2), bytes(5, float(random() - 0.5))), plugin]),
      ),
    );
    records.push(frame(Buffer.concat([fixed64(1, double(wallTime)), integer(2, step), bytes(5, ...values)])));
  }
  writeFileSync(join(folder, 'events.out.tfevents.1700000000.host.7.0'), Buffer.concat(records));
}
