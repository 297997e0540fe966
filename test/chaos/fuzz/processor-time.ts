/** How long this thread has computed, milliseconds: what else runs on the machine does not count. */
export function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** The most that one turn of the event loop takes of some work, milliseconds of this thread. */
export async function longestTurnMs(work: () => unknown): Promise<number> {
  let longest = 0;
  let isDone = false;
  let before = processorMs();
  const look = () => {
    const now = processorMs();
    longest = Math.max(longest, now - before);
    before = now;
    if (!isDone) setImmediate(look);
  };
  setImmediate(look);
  try {
    await work();
  } finally {
    isDone = true;
    look();
  }
  return longest;
}

/** What some work takes at best of a few times: the compiler and the collector do not come each time. */
export async function leastMs(work: () => unknown, times: number, enough = 0): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times && least > enough; time += 1) {
    const before = processorMs();
    await work();
    least = Math.min(least, processorMs() - before);
  }
  return least;
}
