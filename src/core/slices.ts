/** Work of any length that yields wherever others may have their turn. */
export type Slices<T> = Generator<void, T, void>;

/** How long a slice may take, milliseconds: a fifth of what a person would notice as a stop. */
const SLICE_MS = 10;

/** The same in one piece, for what is known to be short. */
export function atOnce<T>(work: Slices<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/**
 * Does the work, and lets the event loop have its turn every few milliseconds. `around` runs each slice, for instance in a
 * transaction; what a slice throws ends the work.
 */
export async function inSlices<T>(
  work: Slices<T>,
  around: (slice: () => IteratorResult<void, T>) => IteratorResult<void, T> = (slice) => slice(),
): Promise<T> {
  for (;;) {
    const step = around(() => slice(work));
    if (step.done) return step.value;
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}

function slice<T>(work: Slices<T>): IteratorResult<void, T> {
  const until = performance.now() + SLICE_MS;
  for (;;) {
    const step = work.next();
    if (step.done || performance.now() >= until) return step;
  }
}
