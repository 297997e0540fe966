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
