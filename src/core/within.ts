/**
 * What `work` comes to, waited for at most so many milliseconds; then what `late` returns or throws. No timer is left
 * behind, and work that fails afterwards disturbs nobody; it is not ended, which is its owner's to do.
 */
export async function within<T, L>(ms: number, work: Promise<T>, late: () => L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    return await Promise.race([work, over.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}

/** What `work` comes to; undefined if `ending` is aborted before that, and the work then goes on unwatched. */
export async function unlessEnding<T>(
  work: Promise<T>,
  ending: AbortSignal | undefined,
): Promise<T | undefined> {
  let end = () => {};
  const ended = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined);
  });
  if (ending?.aborted) end();
  ending?.addEventListener('abort', end);
  try {
    return await Promise.race([work, ended]);
  } finally {
    ending?.removeEventListener('abort', end);
  }
}
