import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFileVersion, encodeImageEvent, encodeScalarEvent } from '../src/metrics/tfevents-writer.ts';

/** Tags of a run, where nobody says how many. */
const TAGS = 16;
const IMAGE_BYTES = 180_000;
/** Epoch seconds. It makes a step a second, writes each to its metrics log, and every tenth to its event files. */
const BEGAN = 1_000_000_000;
const PACE = 10;

/** A tag of a single point, of which there is no curve to draw. */
export const SINGLE = 'once/single';

/** Writes what xax logs of a run of so many seconds, with so many images, and returns how it logs one step more. */
export function writeRun(
  folder: string,
  seconds: number,
  images: number,
  tags = TAGS,
): (step: number) => void {
  const light = join(folder, 'tensorboard', 'light', 'events.out.tfevents.1.host.1.0');
  const heavy = join(folder, 'tensorboard', 'heavy', 'events.out.tfevents.1.host.1.1');
  const log = join(folder, 'json', 'log.jsonl');
  for (const part of ['json', 'tensorboard/light', 'tensorboard/heavy'])
    mkdirSync(join(folder, part), { recursive: true });
  for (const file of [light, heavy]) appendFileSync(file, encodeFileVersion(BEGAN));
  appendFileSync(light, encodeScalarEvent({ step: 0, wallTime: BEGAN, tag: SINGLE, value: 1 }));

  const keys = Array.from({ length: tags }, (_, tag) => (tag === 0 ? 'loss' : `metric_${tag}`));
  const valueAt = (step: number) => Math.exp(-step / 20_000) + Math.random() * 0.1;
  const point = (step: number) =>
    keys.map((key) =>
      encodeScalarEvent({ step, wallTime: BEGAN + step, tag: `value/${key}`, value: valueAt(step) }),
    );
  const line = (step: number) => {
    const state = {
      num_steps: step,
      num_samples: step * 64,
      start_time_s: BEGAN,
      elapsed_time_s: step,
    };
    return `${JSON.stringify({ state, value: Object.fromEntries(keys.map((key) => [key, valueAt(step)])) })}\n`;
  };

  const image = Buffer.alloc(IMAGE_BYTES, 7);
  const points = Math.ceil(seconds / PACE);
  for (let index = 0; index < points; index += 1) {
    const step = index * PACE;
    // A step that has an image goes whole into heavy, every other into light.
    const hasImage = images > 0 && index % Math.max(1, Math.floor(points / images)) === 0;
    const records = hasImage
      ? [...point(step), encodeImageEvent({ step, wallTime: BEGAN + step, tag: 'sample', image })]
      : point(step);
    appendFileSync(hasImage ? heavy : light, Buffer.concat(records));
    appendFileSync(log, Array.from({ length: PACE }, (_, second) => line(step + second)).join(''));
  }
  return (step) => {
    appendFileSync(light, Buffer.concat(point(step)));
    appendFileSync(log, line(step));
  };
}
