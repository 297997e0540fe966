import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFileVersion, encodeScalarEvent } from '../../src/metrics/tfevents-writer.ts';

/** A training, as far as its files go: run as a process with a run folder and for how many seconds it lasts. */
const [runDir, seconds] = process.argv.slice(2) as [string, string];
const FIRST_STEP = 20_000;
const events = join(
  runDir,
  'tensorboard',
  'light',
  `events.out.tfevents.${Math.floor(Date.now() / 1000)}.live.${process.pid}.9`,
);
const log = join(runDir, 'json', 'log.jsonl');
mkdirSync(join(runDir, 'tensorboard', 'light'), { recursive: true });
const startedAt = Date.now();
writeFileSync(events, encodeFileVersion(startedAt / 1000));
let step = FIRST_STEP;

const timer = setInterval(() => {
  const now = Date.now();
  step += 10;
  const value = 0.2 + Math.exp(-(step - FIRST_STEP) / 1_000);
  appendFileSync(events, encodeScalarEvent({ step, wallTime: now / 1000, tag: 'value/loss', value }));
  const state = {
    num_steps: step,
    num_samples: step * 64,
    start_time_s: startedAt / 1000,
    elapsed_time_s: (now - startedAt) / 1000,
  };
  appendFileSync(log, `${JSON.stringify({ state, value: { loss: value } })}\n`);
  if (now - startedAt > Number(seconds) * 1000) clearInterval(timer);
}, 20);
