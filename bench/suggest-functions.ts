import type { PresetOption } from '../src/core/preset.ts';
import { seededRandom } from '../src/queue/simulated/random.ts';
import { isLogarithmic } from '../src/suggest/space.ts';

/** A published test function as an experiment would meet it: options with ranges, a value to be made small. */
export interface TestFunction {
  name: string;
  source: string;
  /** Whether the effect of one option depends on the others. */
  separable: boolean;
  options: Readonly<Record<string, PresetOption>>;
  /** Without noise. */
  value(settings: Readonly<Record<string, number>>): number;
  /** The lowest value within the ranges, and the highest within those that were published. */
  lowest: number;
  highest: number;
  /** Where it is lowest, or one of the places. */
  optimum: Readonly<Record<string, number>>;
}

/** Ranges are moved by up to this part of their width. */
const SHIFT = 0.1;
/** The seed of the report; any other moves them otherwise. */
export const SHIFT_SEED = 20_261_129;

const number = (min: number, max: number): PresetOption => ({ type: 'number', description: '', min, max });
const boolean: PresetOption = { type: 'boolean', description: '' };
const square = (value: number) => value * value;

const HARTMANN_A = [
  [3, 10, 30],
  [0.1, 10, 35],
  [3, 10, 30],
  [0.1, 10, 35],
];
const HARTMANN_P = [
  [0.3689, 0.117, 0.2673],
  [0.4699, 0.4387, 0.747],
  [0.1091, 0.8732, 0.5547],
  [0.0381, 0.5743, 0.8828],
];
const HARTMANN_C = [1, 1.2, 3, 3.2];

const GOLDSTEIN_PRICE = ({ x, y }: Readonly<Record<string, number>>): number => {
  const a = 1 + square(x! + y! + 1) * (19 - 14 * x! + 3 * x! * x! - 14 * y! + 6 * x! * y! + 3 * y! * y!);
  const b =
    30 + square(2 * x! - 3 * y!) * (18 - 32 * x! + 12 * x! * x! + 48 * y! - 36 * x! * y! + 27 * y! * y!);
  return Math.log(a * b);
};

/**
 * Ten functions as they were published: seven of them non-separable, two discrete. Formulas and ranges as in Jamil and Yang, "A literature
 * survey of benchmark functions for global optimization problems", 2013, unless another source is given.
 */
export const PUBLISHED: readonly TestFunction[] = [
  {
    name: 'sphere, one axis logarithmic',
    source: 'De Jong 1975, F1; the first axis as 10^x, as a learning rate is searched',
    separable: true,
    options: { rate: number(1e-5, 1), y: number(-5.12, 5.12), z: number(-5.12, 5.12) },
    value: ({ rate, y, z }) => square((Math.log10(rate!) + 2.5) * 2.048) + y! * y! + z! * z!,
    lowest: 0,
    highest: 3 * square(5.12),
    optimum: { rate: 10 ** -2.5, y: 0, z: 0 },
  },
  {
    name: 'Rosenbrock',
    source: 'Rosenbrock 1960',
    separable: false,
    options: { x: number(-2.048, 2.048), y: number(-2.048, 2.048) },
    value: ({ x, y }) => 100 * square(y! - x! * x!) + square(1 - x!),
    lowest: 0,
    highest: 100 * square(2.048 + square(2.048)) + square(3.048),
    optimum: { x: 1, y: 1 },
  },
  {
    name: 'Branin',
    source: 'Dixon and Szegö 1978',
    separable: false,
    options: { x: number(-5, 10), y: number(0, 15) },
    value: ({ x, y }) =>
      square(y! - (5.1 / (4 * Math.PI ** 2)) * x! * x! + (5 / Math.PI) * x! - 6) +
      10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x!) +
      10,
    lowest: 0.397887,
    highest: 308.129,
    optimum: { x: Math.PI, y: 2.275 },
  },
  {
    name: 'Hartmann 3',
    source: 'Dixon and Szegö 1978',
    separable: false,
    options: { x: number(0, 1), y: number(0, 1), z: number(0, 1) },
    value: ({ x, y, z }) =>
      -HARTMANN_C.reduce((sum, c, row) => {
        const at = [x!, y!, z!];
        const distance = at.reduce(
          (total, value, column) =>
            total + HARTMANN_A[row]![column]! * square(value - HARTMANN_P[row]![column]!),
          0,
        );
        return sum + c * Math.exp(-distance);
      }, 0),
    lowest: -3.86278,
    highest: 0,
    optimum: { x: 0.114614, y: 0.555649, z: 0.852547 },
  },
  {
    name: 'six-hump camel',
    source: 'Dixon and Szegö 1978',
    separable: false,
    options: { x: number(-2, 2), y: number(-1, 1) },
    value: ({ x, y }) => (4 - 2.1 * x! * x! + x! ** 4 / 3) * x! * x! + x! * y! + (-4 + 4 * y! * y!) * y! * y!,
    lowest: -1.0316,
    highest: 5.7333,
    optimum: { x: 0.0898, y: -0.7126 },
  },
  {
    name: 'Goldstein-Price, its logarithm',
    source: 'Goldstein and Price 1971; the logarithm as in Picheny, Wagner and Ginsbourger 2013',
    separable: false,
    options: { x: number(-2, 2), y: number(-2, 2) },
    value: GOLDSTEIN_PRICE,
    lowest: Math.log(3),
    highest: Math.log(1_015_690),
    optimum: { x: 0, y: -1 },
  },
  {
    name: 'Booth',
    source: 'as in Jamil and Yang 2013',
    separable: false,
    options: { x: number(-10, 10), y: number(-10, 10) },
    value: ({ x, y }) => square(x! + 2 * y! - 7) + square(2 * x! + y! - 5),
    lowest: 0,
    highest: 2594,
    optimum: { x: 1, y: 3 },
  },
  {
    name: 'Ackley 3',
    source: 'Ackley 1987; within ±10',
    separable: false,
    options: { x: number(-10, 10), y: number(-10, 10), z: number(-10, 10) },
    value: ({ x, y, z }) => {
      const at = [x!, y!, z!];
      const squares = at.reduce((sum, value) => sum + value * value, 0) / 3;
      const waves = at.reduce((sum, value) => sum + Math.cos(2 * Math.PI * value), 0) / 3;
      return -20 * Math.exp(-0.2 * Math.sqrt(squares)) - Math.exp(waves) + 20 + Math.E;
    },
    lowest: 0,
    highest: 19.22,
    optimum: { x: 0, y: 0, z: 0 },
  },
  {
    name: 'step',
    source: 'De Jong 1975, F3',
    separable: true,
    options: Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((key) => [key, number(-5.12, 5.12)])),
    value: (settings) => Object.values(settings).reduce((sum, each) => sum + Math.floor(each), 0),
    lowest: -30,
    highest: 25,
    optimum: { a: -5.12, b: -5.12, c: -5.12, d: -5.12, e: -5.12 },
  },
  {
    name: 'leading ones, six switches',
    source: 'Rudolph 1997',
    separable: false,
    options: { a: boolean, b: boolean, c: boolean, d: boolean, e: boolean, f: boolean },
    value: (settings) => {
      const values = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => settings[name]!);
      const zero = values.indexOf(0);
      return 6 - (zero < 0 ? 6 : zero);
    },
    lowest: 0,
    highest: 6,
    optimum: { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 },
  },
];

/** The ten with their ranges moved as in the report. */
export const FUNCTIONS: readonly TestFunction[] = moved(PUBLISHED, SHIFT_SEED);

/**
 * The same functions with their ranges moved, each by a part of its width that chance gives once for a seed: optima in
 * the middle of a range, or at a round part of it, would favour whoever tries those places. The functions, what they are
 * measured by and the noise stay as they are.
 */
export function moved(functions: readonly TestFunction[], seed: number): TestFunction[] {
  const random = seededRandom(seed);
  return functions.map((given) => {
    const options = Object.fromEntries(
      Object.entries(given.options).map(([key, option]) => {
        const { type, min, max } = option;
        if (type !== 'number' || min === undefined || max === undefined) return [key, option];
        const by = SHIFT * (2 * random() - 1);
        if (isLogarithmic(min, max)) {
          const factor = (max / min) ** by;
          return [key, { ...option, min: min * factor, max: max * factor }];
        }
        return [key, { ...option, min: min + by * (max - min), max: max + by * (max - min) }];
      }),
    );
    if (given.name !== 'step') return { ...given, options };
    // Its lowest step is the one at the ranges' beginnings, wherever they are.
    const optimum = Object.fromEntries(Object.entries(options).map(([key, { min }]) => [key, min!]));
    return { ...given, options, optimum, lowest: given.value(optimum) };
  });
}
