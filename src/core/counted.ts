/** So many of something, in words: "1 line", "3 lines", "2 queries". `many` where it is more than an s that is added. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
