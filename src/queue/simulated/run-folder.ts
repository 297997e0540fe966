import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scalarOf, withoutQuotes } from '../../core/yaml-scalar.ts';
import { encodeFileVersion, encodeScalarEvent } from '../../metrics/tfevents-writer.ts';
import type { ScriptedJob } from './script.ts';

const BOLD_CYAN = '\u001b[1;36m';
const BOLD_BLUE = '\u001b[1;34m';
const BOLD_PURPLE = '\u001b[1;35m';
const GREY = '\u001b[90m';
const RESET = '\u001b[0m';
const BATCH_SIZE = 64;
const DEFAULT_LEARNING_RATE = 0.01;
/** The learning rate that the simulated tasks do best with. */
const BEST_LEARNING_RATE = 0.005;

/** How a simulated run comes to its end. */
export type RunEnd = ScriptedJob['fate'] | 'SIGTERM' | 'SIGKILL' | 'observer stops';

/** A simulated run's folder, with the files that xax's own loggers write, in their forms. Times are epoch seconds. */
export function createRunFolder(runDir: string, jobId: string, job: ScriptedJob, random: () => number) {
  const { settings, steps } = job;
  const observerLog = join(runDir, 'queue_observer.log');
  const learningRate = Number(withoutQuotes(settings.learning_rate ?? String(DEFAULT_LEARNING_RATE)));
  let startedAt = 0;
  let events = '';
  let trained: RunEnd | undefined;

  /** A line of the task's log; the observer's log gets everything in colours. */
  function say(at: number, level: 'INFO' | 'PING', text: string): void {
    const time = new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ');
    const colour = level === 'INFO' ? BOLD_CYAN : BOLD_PURPLE;
    appendFileSync(
      observerLog,
      `  ${colour}${level}${RESET}  ${GREY}${time}${RESET} [${BOLD_BLUE}xax.task.mixins.train${RESET}] ${text}\n`,
    );
    appendFileSync(
      join(runDir, 'logs.txt'),
      `${time},000 - xax.task.mixins.train - ${colour}${level}${RESET} - ${text}\n`,
    );
  }

  /** Too low a rate is slow, too high a rate ends in noise: what a reader expects to see. */
  function loss(step: number): number {
    const speed = Math.min(8, learningRate * 600);
    const floor = 0.08 + 0.4 * Math.abs(Math.log10(learningRate / BEST_LEARNING_RATE)) ** 1.5;
    const noise = 0.06 + Math.min(learningRate, 1);
    return floor + 2 * Math.exp((-speed * step) / steps) + noise * (random() - 0.5);
  }

  return {
    observerLog,
    /** The folder as the launcher leaves it. */
    stage(): void {
      for (const folder of ['code', 'json', 'tensorboard/light', 'tensorboard/heavy'])
        mkdirSync(join(runDir, folder), { recursive: true });
      const simulated: [string, string][] = [
        ['batch_size', String(BATCH_SIZE)],
        ['max_steps', String(steps)],
        ['random_seed', '1337'],
      ];
      const config = new Map([
        ...(job.train ? [] : simulated),
        ['run_dir', scalarOf(runDir)],
        ...Object.entries(settings),
      ]);
      const lines = [...config].toSorted().map(([key, scalar]) => `${key}: ${asDumped(scalar)}\n`);
      writeFileSync(join(runDir, 'config.yaml'), lines.join(''));
    },
    start(at: number): void {
      startedAt = at;
      appendFileSync(observerLog, `\n[simulated] starting ${jobId} (python=/usr/bin/python3)\n`);
      if (job.train) {
        job.train({ runDir, log: observerLog }).then(
          () => {
            trained = 'completes';
          },
          () => {
            trained = 'fails';
          },
        );
        return;
      }
      events = join(runDir, 'tensorboard', 'light', `events.out.tfevents.${Math.floor(at)}.simulated.1.0`);
      writeFileSync(events, encodeFileVersion(at));
      say(at, 'INFO', 'Starting a new training run');
      say(at, 'PING', 'Step 1 took 3.47 second');
    },
    /** How a training of its own ended; undefined while it goes on. */
    trained: () => trained,
    /** One point of every tag. */
    log(step: number, at: number): void {
      if (job.train) return;
      const value = loss(step);
      const elapsed = at - startedAt;
      const scalars: Record<string, number> = {
        'value/loss': value,
        'value/mae': Math.sqrt(Math.abs(value)) * 0.8,
        'value/grad_norm': 0.3 + Math.abs(value) / 2 + 0.1 * random(),
        '🕒 timers/dt': elapsed / Math.max(1, step),
      };
      const records = Object.entries(scalars).map(([tag, each]) =>
        encodeScalarEvent({ step, wallTime: at, tag, value: each }),
      );
      appendFileSync(events, Buffer.concat(records));
      const state = {
        num_steps: step,
        num_samples: step * BATCH_SIZE,
        start_time_s: startedAt,
        elapsed_time_s: elapsed,
      };
      appendFileSync(
        join(runDir, 'json', 'log.jsonl'),
        // As Python's json.dumps writes what is no number.
        `{"state": ${JSON.stringify(state)}, "value": {"loss": ${Number.isNaN(value) ? 'NaN' : value}}}\n`,
      );
    },
    end(how: RunEnd, step: number, at: number): void {
      if (job.train) return;
      if (how === 'completes') say(at, 'INFO', `Finished training after ${step} steps`);
      if (how === 'fails')
        appendFileSync(
          observerLog,
          traceback(runDir, 'compute_loss', `ValueError: Loss is NaN at step ${step}`),
        );
      if (how === 'gets stuck')
        appendFileSync(
          observerLog,
          traceback(runDir, 'next_batch', `TimeoutError: no batch came from the data loader at step ${step}`),
        );
      if (how === 'runs out of memory') {
        const words = 'RESOURCE_EXHAUSTED: Out of memory while trying to allocate 17179869184 bytes.';
        appendFileSync(observerLog, traceback(runDir, 'train_step', `jax.errors.JaxRuntimeError: ${words}`));
      }
    },
  };
}

export type RunFolder = ReturnType<typeof createRunFolder>;

/** A scalar as PyYAML writes it, which has a point in each number with an exponent, and a sign before the exponent. */
function asDumped(scalar: string): string {
  return scalar.replace(
    /^([-+]?\d+)(\.\d*)?e([-+]?)(\d+)$/i,
    (_all, whole: string, part: string | undefined, sign: string, power: string) =>
      `${whole}${part ?? '.0'}e${sign || '+'}${power}`,
  );
}

/** As Python prints it; xax's console draws a frame before. */
function traceback(runDir: string, where: string, error: string): string {
  const frame = `\u001b[36m┌${'─'.repeat(40)}┐${RESET}\n\u001b[36m│${RESET} \u001b[1;96mExiting training job${RESET}\n\u001b[36m└${'─'.repeat(40)}┘${RESET}\n`;
  const calls = [
    'Traceback (most recent call last):',
    '  File "/srv/venv/lib/python3.12/site-packages/xax/task/mixins/supervised.py", line 357, in run_training',
    '    state = self.train_loop(',
    `  File "${runDir}/code/train.py", line 118, in ${where}`,
    '    return step(model, batch, state)',
  ];
  return `${frame}${calls.join('\n')}\n${error}\n`;
}
