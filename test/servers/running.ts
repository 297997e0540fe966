/** Ends what a test started, also when the test failed: `test/setup.ts` calls `stopServers` at each file's end. */
const running = new Set<() => Promise<void>>();

/** `stop` as a function that works once, and that is called at the end of the test file if nobody called it. */
export function untilEnd(stop: () => Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const once = () => {
    running.delete(once);
    stopping ??= stop();
    return stopping;
  };
  running.add(once);
  return once;
}

export async function stopServers(): Promise<void> {
  const results = await Promise.allSettled([...running].map((stop) => stop()));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
