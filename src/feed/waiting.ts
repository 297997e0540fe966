/** setTimeout takes no longer delay, milliseconds. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Whoever waits for something to happen. */
export function createWaiting() {
  const waiters = new Set<() => void>();
  let isStopped = false;

  /** Resolves when something happened, when it is given up, or after so many milliseconds. */
  function woken(ms: number, gone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        gone.removeEventListener('abort', done);
        waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(ms, TIMER_MAX_MS)).unref();
      gone.addEventListener('abort', done);
      waiters.add(done);
    });
  }

  return {
    /**
     * What `find` finds, looked for again whenever something happened; undefined when it is not found in so many
     * milliseconds, once `gone`, and after `stop`.
     */
    async until<T>(
      find: () => T | undefined,
      { ms, gone }: { ms: number; gone: AbortSignal },
    ): Promise<T | undefined> {
      const end = performance.now() + ms;
      for (;;) {
        const found = find();
        const left = end - performance.now();
        if (found !== undefined || left <= 0 || gone.aborted || isStopped) return found;
        await woken(left, gone);
      }
    },
    /** Something happened. */
    wake(): void {
      for (const done of [...waiters]) done();
    },
    /** How many wait. */
    count: () => waiters.size,
    /** Whoever waits goes on without, now and from now on. */
    stop(): void {
      isStopped = true;
      this.wake();
    },
  };
}

export type Waiting = ReturnType<typeof createWaiting>;
