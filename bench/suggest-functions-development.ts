import type { PresetOption } from '../src/core/preset.ts';
import type { TestFunction } from './suggest-functions.ts';

const number = (min: number, max: number): PresetOption => ({ type: 'number', description: '', min, max });
const boolean: PresetOption = { type: 'boolean', description: '' };
const square = (value: number) => value * value;
const both = (min: number, max: number) => ({ x: number(min, max), y: number(min, max) });

const HARTMANN_A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const HARTMANN_P = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];
const HARTMANN_C = [1, 1.2, 3, 3.2];
const SIX = ['a', 'b', 'c', 'd', 'e', 'f'];

/**
 * Functions on which the policy's constants were chosen, none of them among those that it is reported on. Formulas and
 * ranges as in Jamil and Yang 2013, unless another source is given.
 */
export const DEVELOPMENT: readonly TestFunction[] = [
  {
    name: 'ellipsoid, one axis logarithmic',
    source: 'Hansen and Ostermeier 2001; the first axis as 10^x',
    separable: true,
    options: { rate: number(1e-5, 1), y: number(-5, 5), z: number(-5, 5) },
    value: ({ rate, y, z }) => 9 * square((Math.log10(rate!) + 1.9) * 2) + 3 * y! * y! + z! * z!,
    lowest: 0,
    highest: 9 * square(6.2) + 100,
    optimum: { rate: 10 ** -1.9, y: 0, z: 0 },
  },
  {
    name: 'Himmelblau',
    source: 'Himmelblau 1972',
    separable: false,
    options: both(-5, 5),
    value: ({ x, y }) => square(x! * x! + y! - 11) + square(x! + y! * y! - 7),
    lowest: 0,
    highest: 890,
    optimum: { x: 3, y: 2 },
  },
  {
    name: 'Styblinski-Tang 3',
    source: 'Styblinski and Tang 1990',
    separable: true,
    options: { x: number(-5, 5), y: number(-5, 5), z: number(-5, 5) },
    value: (settings) =>
      Object.values(settings).reduce((sum, at) => sum + (at ** 4 - 16 * at * at + 5 * at) / 2, 0),
    lowest: -39.16617 * 3,
    highest: 375,
    optimum: { x: -2.903534, y: -2.903534, z: -2.903534 },
  },
  {
    name: 'three-hump camel',
    source: 'Branin 1972',
    separable: false,
    options: both(-5, 5),
    value: ({ x, y }) => 2 * x! * x! - 1.05 * x! ** 4 + x! ** 6 / 6 + x! * y! + y! * y!,
    lowest: 0,
    highest: 2048,
    optimum: { x: 0, y: 0 },
  },
  {
    name: 'McCormick',
    source: 'McCormick 1976',
    separable: false,
    options: { x: number(-1.5, 4), y: number(-3, 4) },
    value: ({ x, y }) => Math.sin(x! + y!) + square(x! - y!) - 1.5 * x! + 2.5 * y! + 1,
    lowest: -1.9133,
    highest: 44.1,
    optimum: { x: -0.54719, y: -1.54719 },
  },
  {
    name: 'Rastrigin 2',
    source: 'Rastrigin 1974',
    separable: true,
    options: both(-5.12, 5.12),
    value: ({ x, y }) =>
      20 + x! * x! + y! * y! - 10 * (Math.cos(2 * Math.PI * x!) + Math.cos(2 * Math.PI * y!)),
    lowest: 0,
    highest: 80.7,
    optimum: { x: 0, y: 0 },
  },
  {
    name: 'Hartmann 6',
    source: 'Dixon and Szegö 1978',
    separable: false,
    options: Object.fromEntries(SIX.map((key) => [key, number(0, 1)])),
    value: (settings) =>
      -HARTMANN_C.reduce((sum, c, row) => {
        const distance = SIX.reduce(
          (total, key, column) =>
            total + HARTMANN_A[row]![column]! * square(settings[key]! - HARTMANN_P[row]![column]!),
          0,
        );
        return sum + c * Math.exp(-distance);
      }, 0),
    lowest: -3.32237,
    highest: 0,
    optimum: { a: 0.20169, b: 0.150011, c: 0.476874, d: 0.275332, e: 0.311652, f: 0.6573 },
  },
  {
    name: 'Gramacy-Lee',
    source: 'Gramacy and Lee 2008',
    separable: false,
    options: both(-2, 6),
    value: ({ x, y }) => x! * Math.exp(-x! * x! - y! * y!),
    lowest: -0.428882,
    highest: 0.428882,
    optimum: { x: -Math.SQRT1_2, y: 0 },
  },
  {
    name: 'Hosaki',
    source: 'Bekey and Ung 1974',
    separable: false,
    options: { x: number(0, 5), y: number(0, 6) },
    value: ({ x, y }) =>
      (1 - 8 * x! + 7 * x! * x! - (7 / 3) * x! ** 3 + x! ** 4 / 4) * y! * y! * Math.exp(-y!),
    lowest: -2.3458,
    highest: 0.5413,
    optimum: { x: 4, y: 2 },
  },
  {
    name: 'ones, six switches',
    source: 'Schaffer and Eshelman 1991',
    separable: true,
    options: Object.fromEntries(SIX.map((key) => [key, boolean])),
    value: (settings) => 6 - Object.values(settings).reduce((sum, each) => sum + each, 0),
    lowest: 0,
    highest: 6,
    optimum: Object.fromEntries(SIX.map((key) => [key, 1])),
  },
];
