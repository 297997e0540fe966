import type { PresetOption } from '../src/core/preset.ts';

/** A published test function as an experiment would meet it: options with ranges, a value to be made small. */
export interface TestFunction {
  name: string;
  source: string;
  /** Whether the effect of one option depends on the others. */
  separable: boolean;
  options: Readonly<Record<string, PresetOption>>;
  /** Without noise. */
  value(settings: Readonly<Record<string, number>>): number;
  /** The lowest value within the ranges, and the highest. */
  lowest: number;
  highest: number;
}

const number = (min: number, max: number): PresetOption => ({ type: 'number', description: '', min, max });
const integer = (min: number, max: number): PresetOption => ({ type: 'integer', description: '', min, max });
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
 * Ten functions: seven of them non-separable, two discrete. Formulas and ranges as in Jamil and Yang, "A literature
 * survey of benchmark functions for global optimization problems", 2013, unless another source is given.
 */
export const FUNCTIONS: readonly TestFunction[] = [
  {
    name: 'sphere, one axis logarithmic',
    source: 'De Jong 1975, F1; the first axis as 10^x, as a learning rate is searched',
    separable: true,
    options: { rate: number(1e-5, 1), y: number(-5.12, 5.12), z: number(-5.12, 5.12) },
    value: ({ rate, y, z }) => square((Math.log10(rate!) + 2.5) * 2.048) + y! * y! + z! * z!,
    lowest: 0,
    highest: 3 * square(5.12),
  },
  {
    name: 'Rosenbrock',
    source: 'Rosenbrock 1960',
    separable: false,
    options: { x: number(-2.048, 2.048), y: number(-2.048, 2.048) },
    value: ({ x, y }) => 100 * square(y! - x! * x!) + square(1 - x!),
    lowest: 0,
    highest: 100 * square(2.048 + square(2.048)) + square(3.048),
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
  },
  {
    name: 'six-hump camel',
    source: 'Dixon and Szegö 1978',
    separable: false,
    options: { x: number(-2, 2), y: number(-1, 1) },
    value: ({ x, y }) => (4 - 2.1 * x! * x! + x! ** 4 / 3) * x! * x! + x! * y! + (-4 + 4 * y! * y!) * y! * y!,
    lowest: -1.0316,
    highest: 5.7333,
  },
  {
    name: 'Goldstein-Price, its logarithm',
    source: 'Goldstein and Price 1971; the logarithm as in Picheny, Wagner and Ginsbourger 2013',
    separable: false,
    options: { x: number(-2, 2), y: number(-2, 2) },
    value: GOLDSTEIN_PRICE,
    lowest: Math.log(3),
    highest: Math.log(1_015_690),
  },
  {
    name: 'Booth',
    source: 'as in Jamil and Yang 2013',
    separable: false,
    options: { x: number(-10, 10), y: number(-10, 10) },
    value: ({ x, y }) => square(x! + 2 * y! - 7) + square(2 * x! + y! - 5),
    lowest: 0,
    highest: 2594,
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
  },
  {
    name: 'step, integers',
    source: 'squares of whole numbers, a step function as De Jong 1975 has one in F3',
    separable: true,
    options: { a: integer(-10, 10), b: integer(-10, 10), c: integer(-10, 10) },
    value: ({ a, b, c }) => square(a! - 3) + square(b! + 5) + square(c! - 7),
    lowest: 0,
    highest: square(13) + square(15) + square(17),
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
  },
];
