/** Numbers of the normal distribution, from numbers in [0, 1) (Box and Muller 1958). */
export function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Each follows the one before it by `correlation`; of variance 1. */
export function autoregressive(random: () => number, length: number, correlation: number): Float64Array {
  const values = new Float64Array(length);
  for (let index = 0, value = gaussian(random); index < length; index += 1) {
    values[index] = value;
    value = correlation * value + Math.sqrt(1 - correlation ** 2) * gaussian(random);
  }
  return values;
}

type Noise = (random: () => number, length: number) => Float64Array;

const independent =
  (draw: (random: () => number) => number): Noise =>
  (random, length) =>
    Float64Array.from({ length }, () => draw(random));

function sumOf(curves: readonly Float64Array[]): Float64Array {
  return curves[0]!.map((_, index) => curves.reduce((sum, curve) => sum + curve[index]!, 0));
}

/** Noise as losses have it: flat, with tails, slow, and with a rhythm. */
export const NOISES: Readonly<Record<string, Noise>> = {
  'lognormal, sigma 0.7': independent((random) => Math.exp(0.7 * gaussian(random))),
  exponential: independent((random) => -Math.log(1 - random())),
  'Student t(3)': independent((random) => {
    const squares = gaussian(random) ** 2 + gaussian(random) ** 2 + gaussian(random) ** 2;
    return gaussian(random) / Math.sqrt(squares / 3);
  }),
  'autoregressive, 0.9': (random, length) => autoregressive(random, length, 0.9),
  'autoregressive, 0.99': (random, length) => autoregressive(random, length, 0.99),
  'slow, about 1/f': (random, length) =>
    sumOf(
      [0, 4, 16, 64, 256, 1024].map((points) =>
        autoregressive(random, length, Math.exp(-1 / Math.max(points, 0.01))),
      ),
    ),
  'a rhythm of 500 points': (random, length) => {
    const start = random();
    return Float64Array.from(
      { length },
      (_, index) => Math.sin(2 * Math.PI * (start + index / 500)) + 0.3 * gaussian(random),
    );
  },
};

/** 1.4826 times the median absolute deviation from the median. */
export function robustSpread(values: Float64Array): number {
  const middle = (numbers: Float64Array) => numbers.slice().sort()[numbers.length >> 1]!;
  const median = middle(values);
  return 1.4826 * middle(values.map((value) => Math.abs(value - median)));
}
