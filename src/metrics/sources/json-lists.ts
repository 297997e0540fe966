import type { Slices } from '../../core/slices.ts';
import { parseLooseJson } from '../loose-json.ts';
import type { Rows } from './rows.ts';
import type { PointStore } from './source.ts';
import { epochSeconds, stepNameOf, timeNameOf } from './step-names.ts';

/** A number, or a time, is no longer, bytes. */
const ITEM_MAX_BYTES = 200;
/** What pandas calls the numbers of rows. */
const INDEX = 'index';
/** In names of what is logged in the course of training, and neither a setting nor of classes. */
const OF_TRAINING =
  /(^|[^a-z])(train(ing)?|val(id(ation)?)?|eval|test|loss(es)?|rewards?|returns?)(?![a-z])/i;

/** What is no number is no value. */
export type Item = number | undefined;

/** Where the values of lists go. */
export interface ListTaker<P extends PointStore> {
  rows(): Rows<P>;
  keep(rows: Rows<P>, stepName: string | null): void;
  tagOf(name: string): string;
  /** When the next row came, epoch seconds. */
  came(): number;
  /** A list that has another length than the others. */
  left(name: string): void;
}

/**
 * Lists by name that have one length, each item a row: at the step that one of them counts, else at its place, from 0.
 * `isBesidePlain`: there are single values beside them, as in settings and results.
 */
export function* takeLists<P extends PointStore>(
  lists: ReadonlyMap<string, readonly Item[]>,
  isBesidePlain: boolean,
  taker: ListTaker<P>,
): Slices<void> {
  const numbers = new Map([...lists].filter(([name, items]) => name !== INDEX && isOfNumbers(items)));
  const stepName = stepNameOf(numbers.keys());
  const steps = stepName === undefined ? undefined : numbers.get(stepName)!;
  const length = steps?.length ?? usualLength([...numbers.values()]);
  const areOfTraining = !isBesidePlain || [...numbers.keys()].some((name) => OF_TRAINING.test(name));
  if (!steps && (length < 2 || !areOfTraining)) return;
  const times = numbers.get(timeNameOf([...numbers.keys()]) ?? '');
  const columns = [...numbers].filter(([name, items]) => {
    if (items.length !== length) taker.left(name);
    return items.length === length && items !== steps;
  });
  const rows = taker.rows();
  for (let row = 0; row < length; row += 1) {
    if (row % 100 === 0) yield;
    const step = steps ? steps[row] : row;
    if (step === undefined || !Number.isFinite(step)) continue;
    rows.begin(step);
    const came = taker.came();
    const said = times?.[row];
    const time = said === undefined ? came : epochSeconds(said);
    for (const [name, items] of columns) {
      const value = items[row];
      if (value !== undefined) rows.push(taker.tagOf(name), time, value);
    }
  }
  taker.keep(rows, stepName ?? rowsName(numbers.keys()));
}

/** What rows are that have no step: Keras puts what it validates beside what it trains under one name, once an epoch. */
export function rowsName(names: Iterable<string>): 'epoch' | null {
  const all = new Set(names);
  return [...all].some((name) => all.has(`val_${name}`)) ? 'epoch' : null;
}

function isOfNumbers(items: readonly Item[]): boolean {
  return items.some((item) => item !== undefined);
}

/** The length that the most have; of two that as many have, the greater one. */
function usualLength(lists: readonly (readonly Item[])[]): number {
  const counts = [...Map.groupBy(lists, (items) => items.length)];
  return counts.toSorted(([a, own], [b, others]) => others.length - own.length || b - a)[0]?.[0] ?? 0;
}

/** A number, also as numpy's are written by jsonpickle: `{"dtype": "float64", "value": 0.5}`. */
export function numberIn(json: Buffer, from: number, to: number): Item {
  const text = json.toString('utf8', from, Math.min(to, from + ITEM_MAX_BYTES));
  if (text.startsWith('"')) return undefined;
  const number = Number(text);
  if (Number.isFinite(number)) return number;
  const item = parseLooseJson(text.startsWith('{') ? text : `{"value":${text}}`)?.value;
  return typeof item === 'number' ? item : undefined;
}

/** Epoch seconds of a time `2026-11-29T21:05:20.123456`, in UTC without saying so; or of a number. */
export function timeIn(json: Buffer, from: number, to: number): Item {
  const text = json.toString('utf8', from, Math.min(to, from + ITEM_MAX_BYTES));
  return text.startsWith('"') ? Date.parse(`${text.slice(1, 24)}Z`) / 1_000 : numberIn(json, from, to);
}
