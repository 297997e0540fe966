import type { HowFar } from './how-far.ts';

/** Work of any length that yields wherever others may have their turn: nothing, or how far it is. */
export type Slices<T> = Generator<HowFar | undefined, T, void>;

/** How long a slice may take, milliseconds: a fifth of what a person would notice as a stop. */
const SLICE_MS = 10;

/** Pages put together. */
export function* together<T>(pages: Iterable<readonly T[]>): Slices<T[]> {
  const all: T[] = [];
  for (const page of pages) {
    for (const each of page) all.push(each);
    yield;
  }
  return all;
}

/** What is made of each, as a set. */
export function* setOf<T, U>(items: Iterable<T>, of: (item: T) => U): Slices<Set<U>> {
  const found = new Set<U>();
  for (const item of items) {
    found.add(of(item));
    yield;
  }
  return found;
}

/** Those of which it holds. */
export function* those<T>(items: Iterable<T>, holds: (item: T) => boolean): Slices<T[]> {
  const found: T[] = [];
  for (const item of items) {
    if (holds(item)) found.push(item);
    yield;
  }
  return found;
}

/** The same in one piece, for what is known to be short. */
export function atOnce<T>(work: Slices<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/**
 * Does the work, and lets the event loop have its turn every few milliseconds. `around` runs each slice, for instance in a
 * transaction; what a slice throws ends the work. `onFar` hears between slices how far it is.
 */
export async function inSlices<T>(
  work: Slices<T>,
  around: (slice: () => Slice<T>) => Slice<T> = (slice) => slice(),
  onFar: (far: HowFar) => void = () => {},
): Promise<T> {
  for (;;) {
    const step = around(() => slice(work));
    if (step.done) return step.value;
    if (step.value) onFar(step.value);
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}

type Slice<T> = IteratorResult<HowFar | undefined, T>;

function slice<T>(work: Slices<T>): Slice<T> {
  const until = performance.now() + SLICE_MS;
  for (;;) {
    const step = work.next();
    if (step.done || performance.now() >= until) return step;
  }
}
