import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProgress } from '../../src/metrics/progress.ts';
import { createRunConfig } from '../../src/metrics/run-config.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';
import { FIXTURES } from '../recorded.ts';

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
    const progress = await readProgress(runFiles, 300);
    expect(progress).toMatchObject({ step: 300, maxSteps: 300, secondsLeft: { low: 0, high: 0 } });
    expect(progress!.stepsPerSecond).toBeGreaterThan(10);
    expect(progress!.stepsPerSecond).toBeLessThan(20);
  });

  it('gives the time left as the range that the recent rates span', async () => {
    const steady = await readProgress(
      logged(Array.from({ length: 21 }, (_, index) => line(index * 10, index))),
      400,
    );
    expect(steady!.secondsLeft).toEqual({ low: 20, high: 20 });
    const slowing = await readProgress(
      logged(Array.from({ length: 21 }, (_, index) => line(index * 10, index ** 1.5))),
      400,
    );
    expect(slowing!.secondsLeft!.high).toBeGreaterThan(slowing!.secondsLeft!.low * 1.2);
  });

  it('says unknown where there is no basis', async () => {
    expect(await readProgress(logged([line(5, 1)]), 100)).toMatchObject({
      step: 5,
      stepsPerSecond: null,
      secondsLeft: null,
    });
    expect(await readProgress(logged([line(5, 1), line(10, 2)]), null)).toMatchObject({
      maxSteps: null,
      secondsLeft: null,
    });
    expect(await readProgress(createRunFiles(temporaryFolder()), 100)).toBeNull();
  });

  it('passes over a half-written last line and starts over when training did', async () => {
    const files = logged([line(90, 9), line(100, 10), line(10, 1), line(20, 2), '{"state": {"num_st']);
    expect(await readProgress(files, 100)).toMatchObject({ step: 20, stepsPerSecond: 10 });
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
