import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/queue/simulated/random.ts';
import { figure, runs, SEED } from '../figures.ts';
import { inputOf } from './inputs.ts';
import type { Parser } from './parser.ts';
import { PARSERS } from './parsers.ts';
import { leastMs, longestTurnMs, processorMs } from './processor-time.ts';
import { RUN_FILE_PARSERS } from './run-file-parsers.ts';
import { SHAPES } from './shapes.ts';

/** So long the event loop may be held, milliseconds of processor time. */
const HELD_MS = 50;
/** The largest input of a run of many: each is read whole, so that much of it would only take long. */
const LARGEST = 65_536;
/** What takes less is too short to be compared: some kernels count a thread's time in ticks of 4 ms. */
const SHORT_MS = 24;
/** Twice the input takes twice the time; four times as much where each character looks at all others. */
const GROWTH = 3;
/** How often each is measured, and once more where it seems to grow. */
const TIMES = 4;
const TIMES_AGAIN = 16;
/** What a time is at least taken for. */
const SHORTEST_MS = 2;

/** What is wrong with how a text is read; undefined where nothing is. */
async function fault(
  { read, isRefusal, atMostMs = HELD_MS }: Parser,
  text: string,
): Promise<string | undefined> {
  const attempt = async () => {
    try {
      await read(text);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  };
  try {
    // The compiler and the collector do not come each time.
    let least = Number.POSITIVE_INFINITY;
    for (let time = 0; time < TIMES && least > atMostMs; time += 1)
      least = Math.min(least, await longestTurnMs(attempt));
    return least > atMostMs ? `held ${Math.round(least)} ms` : undefined;
  } catch (error) {
    return String(error);
  }
}

/** At which parsers have looked again and again before. */
const FELL = SHAPES.filter(({ name }) =>
  [
    '"\\r" x…x',
    '"\\u001b]0;" alone',
    '"\\"" x…x',
    '" " x…x',
    '"a,b," alone',
    '"\\\\\\"" "…',
    '"0" …x',
  ].includes(name),
);

const told = (text: string) => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);

// What is changed must be something that is read to its end.
it.each(RUN_FILE_PARSERS)('$name: what stands in a valid one is found', async ({ valid, read }) => {
  for (const text of valid) expect(Object.keys(Object(await read(text)))).not.toEqual([]);
});

describe.each(PARSERS)('$name', (parser) => {
  it('is read without a crash or a stop, whatever stands in it', async ({ task }) => {
    const count = runs({ full: 20_000, ci: 200 });
    const random = seededRandom(SEED);
    const faults: string[] = [];
    let slowest = 0;
    for (let index = 0; index < count; index += 1) {
      const text = inputOf(parser.valid, index, count, Math.min(parser.most, LARGEST), random);
      const before = processorMs();
      const found = await fault(parser, text);
      slowest = Math.max(slowest, processorMs() - before);
      if (found) faults.push(`${found}: ${told(text)} (${text.length})`);
    }
    figure(task, {
      attack: `${parser.name}: generated inputs`,
      runs: count,
      result: `${faults.length} crashed or held the loop over ${parser.atMostMs ?? HELD_MS} ms; the slowest ${Math.round(slowest)} ms`,
    });
    expect(faults.slice(0, 5)).toEqual([]);
  });

  it('takes twice the time for twice the input', async ({ task }) => {
    const random = seededRandom(SEED);
    const count = runs({ full: SHAPES.length, ci: 16 });
    const largest = Math.min(parser.most, runs({ full: 2 ** 19, ci: 2 ** 16 }));
    const chosen =
      count === SHAPES.length ? SHAPES : [...FELL, ...Array.from({ length: count }, () => pick(random))];
    const faults: string[] = [];
    let worst = 0;
    const { within = [] } = parser;
    const places = [(text: string) => text, ...within];
    for (const [place, { name, of }] of places.flatMap((put) =>
      chosen.map((shape) => [put, shape] as const),
    )) {
      const timeOf = (size: number, times: number) => {
        const text = place(of(size));
        const read = async () => {
          try {
            await parser.read(text);
          } catch (error) {
            if (!parser.isRefusal(error)) throw error;
          }
        };
        return leastMs(read, times, SHORT_MS / GROWTH);
      };
      const whole = await timeOf(largest, TIMES);
      if (whole < SHORT_MS) continue;
      let growth = whole / Math.max(await timeOf(largest / 2, TIMES), SHORT_MS / GROWTH);
      // On a busy machine one of two short times may be off: what grows does so over two doublings, too.
      if (growth > GROWTH) {
        const quarter = Math.max(await timeOf(largest / 4, TIMES_AGAIN), SHORTEST_MS);
        growth = Math.min(growth, Math.sqrt((await timeOf(largest, TIMES_AGAIN)) / quarter));
      }
      worst = Math.max(worst, growth);
      if (growth > GROWTH) faults.push(`${name}: ${growth.toFixed(1)} times, ${Math.round(whole)} ms`);
    }
    figure(task, {
      attack: `${parser.name}: ${largest >> 11} -> ${largest >> 10} KB of ${chosen.length} shapes`,
      runs: chosen.length * places.length,
      result: `${faults.length} of more than linear time; at worst ${worst.toFixed(1)} times`,
    });
    expect(faults.slice(0, 5)).toEqual([]);
  });
});

function pick(random: () => number) {
  return SHAPES[Math.floor(random() * SHAPES.length)]!;
}
