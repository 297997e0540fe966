/** What was logged first, first; where nobody knows, in the order of the names' numbers. `began`: epoch seconds, NaN where unknown. */
export function inTime<T>(all: readonly T[], of: (each: T) => { began: number; name: string }): T[] {
  return all
    .map((each) => ({ each, ...of(each) }))
    .sort((a, b) => {
      const difference = a.began - b.began;
      return Number.isNaN(difference) || difference === 0
        ? a.name.localeCompare(b.name, 'en', { numeric: true })
        : difference;
    })
    .map(({ each }) => each);
}
