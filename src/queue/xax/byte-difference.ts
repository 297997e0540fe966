/** How many bytes two buffers are compared at a time before looking closer. */
const CHUNK = 32 * 1024;
const FINE = 64;

/** How many bytes are the same from the start. */
export function commonPrefix(a: Buffer, b: Buffer): number {
  const limit = Math.min(a.length, b.length);
  let at = 0;
  for (const step of [CHUNK, FINE]) {
    while (at + step <= limit && a.compare(b, at, at + step, at, at + step) === 0) at += step;
  }
  while (at < limit && a[at] === b[at]) at += 1;
  return at;
}

/** How many bytes are the same from the end, without the first `prefix` of either. */
export function commonSuffix(a: Buffer, b: Buffer, prefix: number): number {
  const limit = Math.min(a.length, b.length) - prefix;
  const equal = (from: number, to: number) =>
    a.compare(b, b.length - to, b.length - from, a.length - to, a.length - from) === 0;
  let at = 0;
  for (const step of [CHUNK, FINE]) {
    while (at + step <= limit && equal(at, at + step)) at += step;
  }
  while (at < limit && a[a.length - 1 - at] === b[b.length - 1 - at]) at += 1;
  return at;
}
