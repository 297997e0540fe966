import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { latest } from '../../src/core/series.ts';
import { readProgress } from '../../src/metrics/progress.ts';
import { createRunConfig } from '../../src/metrics/run-config.ts';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { encodeFileVersion, encodeScalarEvent } from '../../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';
import { FIXTURES } from '../recorded.ts';

/** Before any file was written: no log is old. */
const JUST_NOW = 0;
const runFiles = createRunFiles(join(FIXTURES, 'runs/run_005'));

function logged(lines: string[]) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'json'));
  writeFileSync(join(folder, 'json/log.jsonl'), lines.join('\n'));
  return createRunFiles(folder);
}
const line = (steps: number, elapsed: number) =>
  JSON.stringify({ state: { num_steps: steps, elapsed_time_s: elapsed } });

describe('how far a run is', () => {
  it('reads step, rate and time from the log that xax writes', async () => {
    const progress = await readProgress(runFiles, 300, JUST_NOW);
    expect(progress).toMatchObject({ step: 300, maxSteps: 300, secondsLeft: { low: 0, high: 0 } });
    expect(progress!.stepsPerSecond).toBeGreaterThan(10);
    expect(progress!.stepsPerSecond).toBeLessThan(20);
  });

  it('gives the time left as the range that the recent rates span', async () => {
    const steady = await readProgress(
      logged(Array.from({ length: 21 }, (_, index) => line(index * 10, index))),
      400,
      JUST_NOW,
    );
    expect(steady!.secondsLeft).toEqual({ low: 20, high: 20 });
    const slowing = await readProgress(
      logged(Array.from({ length: 21 }, (_, index) => line(index * 10, index ** 1.5))),
      400,
      JUST_NOW,
    );
    expect(slowing!.secondsLeft!.high).toBeGreaterThan(slowing!.secondsLeft!.low * 1.2);
  });

  it('says unknown where there is no basis', async () => {
    expect(await readProgress(logged([line(5, 1)]), 100, JUST_NOW)).toMatchObject({
      step: 5,
      stepsPerSecond: null,
      secondsLeft: null,
    });
    expect(await readProgress(logged([line(5, 1), line(10, 2)]), null, JUST_NOW)).toMatchObject({
      maxSteps: null,
      secondsLeft: null,
    });
    expect(await readProgress(createRunFiles(temporaryFolder()), 100, JUST_NOW)).toBeNull();
  });

  it('knows the step of a log that went silent, and no longer a rate', async () => {
    const files = logged([line(5, 1), line(10, 2)]);
    const later = Date.now() + 6 * 60_000;
    expect(await readProgress(files, 100, later)).toMatchObject({
      step: 10,
      stepsPerSecond: null,
      secondsLeft: null,
    });
    expect((await readProgress(files, 100, later))!.silentSeconds).toBeCloseTo(6 * 60, -1);
    const now = await readProgress(files, 100, Date.now());
    expect(now).toMatchObject({ stepsPerSecond: 5, silentSeconds: null });
  });

  it('calls a run silent that logs on without a step, and none that takes long for each', async () => {
    const spinning = logged([
      ...Array.from({ length: 20 }, (_, index) => line(index * 10, index)),
      ...Array.from({ length: 300 }, (_, index) => line(190, 20 + index)),
    ]);
    const stuck = await readProgress(spinning, 400, Date.now());
    expect(stuck).toMatchObject({ step: 190, stepsPerSecond: null, secondsLeft: null });
    expect(stuck!.silentSeconds).toBeGreaterThanOrEqual(299);
    const slow = logged(Array.from({ length: 10 }, (_, index) => line(index, index * 60)));
    const threeMinutesOn = await readProgress(slow, 100, Date.now() + 3 * 60_000);
    expect(threeMinutesOn!.silentSeconds).toBeNull();
    expect(threeMinutesOn!.stepsPerSecond).toBeCloseTo(1 / 60);
  });

  it('reads lines that are longer than usual', async () => {
    const wide = (steps: number) => `${line(steps, steps).slice(0, -1)}, "value": "${'x'.repeat(100_000)}"}`;
    expect(await readProgress(logged([wide(1), wide(2), '']), 10, JUST_NOW)).toMatchObject({ step: 2 });
  });

  it('passes over a half-written last line and starts over when training did', async () => {
    const files = logged([line(90, 9), line(100, 10), line(10, 1), line(20, 2), '{"state": {"num_st']);
    expect(await readProgress(files, 100, JUST_NOW)).toMatchObject({ step: 20, stepsPerSecond: 10 });
  });
});

describe('how far a run is by both of its logs', () => {
  const START = 1_700_000_000;
  const whole = (steps: number, elapsed: number, loss: number | string = steps) =>
    `{"state": {"num_steps": ${steps}, "start_time_s": ${START}.0, "elapsed_time_s": ${elapsed}}, "value": {"loss": ${loss}}}\n`;

  async function progressOf(text: string | null, steps: number[], maxSteps: number | null = 1_000) {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'json'));
    mkdirSync(join(folder, 'tensorboard', 'light'), { recursive: true });
    if (text !== null) writeFileSync(join(folder, 'json/log.jsonl'), text);
    writeFileSync(
      join(folder, 'tensorboard/light/events.out.tfevents.1700000000.host.1.0'),
      Buffer.concat([
        encodeFileVersion(START),
        ...steps.map((step) =>
          encodeScalarEvent({ step, wallTime: START + step / 10, tag: 'value/loss', value: step }),
        ),
      ]),
    );
    const files = createRunFiles(folder);
    const run = await createRunReader(files).read();
    const furthest = Math.max(...run.series.map((series) => latest(series)!.step));
    return { furthest, progress: await readProgress(files, maxSteps, Date.now(), run) };
  }

  it('is the step of the one that is further, at the rate of both', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => whole(index * 10, index)).join('');
    const ahead = await progressOf(lines, [0, 100, 200, 300, 400]);
    expect(ahead.furthest).toBe(400);
    expect(ahead.progress).toMatchObject({ step: 400, elapsedSeconds: 40 });
    expect(ahead.progress!.stepsPerSecond).toBeCloseTo(10);
    expect(ahead.progress!.secondsLeft!.low).toBeCloseTo(60);
    const behind = await progressOf(lines, [0, 100, 200]);
    expect([behind.furthest, behind.progress!.step]).toEqual([290, 290]);
  });

  it('is known of a run that has no metrics log, or an empty one', async () => {
    for (const text of [null, '']) {
      const { progress } = await progressOf(text, [0, 100, 200, 300]);
      expect(progress).toMatchObject({ step: 300, elapsedSeconds: 30, silentSeconds: null });
      expect(progress!.stepsPerSecond).toBeCloseTo(10);
    }
  });

  it('goes on where the loss is no number any more', async () => {
    const text = whole(10, 1) + whole(20, 2, 'NaN') + whole(30, 3, '-Infinity');
    const { furthest, progress } = await progressOf(text, [10]);
    expect(furthest).toBe(30);
    expect(progress).toMatchObject({ step: 30, stepsPerSecond: 10 });
  });

  it('begins again with a run that was resumed', async () => {
    const { furthest, progress } = await progressOf(whole(500, 50) + whole(510, 51), [500, 500, 510]);
    expect([furthest, progress!.step]).toEqual([510, 510]);
    const again = await progressOf(whole(500, 50) + whole(300, 30) + whole(310, 31), []);
    expect([again.furthest, again.progress!.step]).toEqual([310, 310]);
  });

  it('is that of the process that resumed it, though it writes no metrics log', async () => {
    const folder = temporaryFolder();
    const first = Array.from({ length: 50 }, (_, index) => index * 10);
    mkdirSync(join(folder, 'json'));
    mkdirSync(join(folder, 'tensorboard'));
    writeFileSync(join(folder, 'json/log.jsonl'), first.map((step) => whole(step, step / 10)).join(''));
    const events = (began: number, pid: number, steps: number[], value: number) =>
      writeFileSync(
        join(folder, `tensorboard/events.out.tfevents.${began}.host.${pid}.0`),
        Buffer.concat(
          steps.map((step) =>
            encodeScalarEvent({ step, wallTime: START + step / 10 + value / 8, tag: 'value/loss', value }),
          ),
        ),
      );
    events(1_700_000_000, 1, [0, 100, 200, 300, 400], 0);
    events(1_700_000_100, 2, [251, 290], 2);
    const files = createRunFiles(folder);
    const run = await createRunReader(files).read();
    const { steps, values, length } = run.series[0]!;
    expect([...steps.subarray(length - 4, length)]).toEqual([240, 250, 251, 290]);
    expect([...values.subarray(length - 2, length)]).toEqual([2, 2]);
    expect(await readProgress(files, 1_000, Date.now(), run)).toMatchObject({ step: 290 });
  });
});

describe("a run's settings", () => {
  it('are flattened from config.yaml', async () => {
    expect((await createRunConfig(runFiles).read()).settings).toMatchObject({
      max_steps: '300',
      learning_rate: '0.01',
      'precision.compute_dtype': 'bfloat16',
    });
  });

  it('are empty when they cannot be read, with the reason', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'config.yaml'), 'a: [unclosed\n\tb: }');
    const read = (at: string) => createRunConfig(createRunFiles(at)).read();
    expect((await read(folder)).settings).toEqual({});
    expect((await read(folder)).problem).toMatch(/config\.yaml is not YAML: .*line 2, column 2$/);
    writeFileSync(join(folder, 'config.yaml'), '- 1\n');
    expect((await read(folder)).problem).toMatch(/holds no settings/);
    expect((await read(temporaryFolder())).problem).toBe('its run folder has no config.yaml');
    expect((await read('/nowhere/at/all')).problem).toBe('its run folder is gone or was moved');
  });

  it('hide secrets within lists, and keep numbers that JSON has no word for', async () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, 'config.yaml'),
      'sinks:\n- {kind: x, api_key: abc123}\nclip: .inf\nlow: -.inf\n',
    );
    expect((await createRunConfig(createRunFiles(folder)).read()).settings).toEqual({
      sinks: '[{"kind":"x","api_key":"(hidden)"}]',
      clip: '.inf',
      low: '-.inf',
    });
  });

  it('are not read of a file that would hold everything up', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'config.yaml'), 'a: 1\n'.repeat(20_000));
    expect((await createRunConfig(createRunFiles(folder)).read()).problem).toMatch(
      /100000 bytes; at most 65536/,
    );
  });

  it('are read again when only half of the file had been written', async () => {
    const folder = temporaryFolder();
    const config = createRunConfig(createRunFiles(folder));
    expect((await config.read()).settings).toEqual({});
    writeFileSync(join(folder, 'config.yaml'), 'learning_rate: 0.01\n');
    expect((await config.read()).settings).toEqual({ learning_rate: '0.01' });
    appendFileSync(join(folder, 'config.yaml'), 'max_steps: 300\n');
    expect((await config.read()).settings).toEqual({ learning_rate: '0.01', max_steps: '300' });
  });
});
