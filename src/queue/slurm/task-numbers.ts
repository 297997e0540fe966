/** So many tasks are named at most in one list of Slurm (MaxArraySize is at most 4,000,001, slurm.conf(5)). */
const TASKS_MAX = 4_000_001;

/** The numbers that Slurm writes as `3-19%4`, `0,2-10:4`; undefined for any other text. */
export function parseTaskNumbers(text: string): number[] | undefined {
  const [list = ''] = text.replace(/^\[|\]$/g, '').split('%', 1);
  const numbers: number[] = [];
  for (const part of list.replace(/\]$/, '').split(',')) {
    const match = /^(\d{1,7})(?:-(\d{1,7})(?::(\d{1,7}))?)?$/.exec(part);
    if (!match) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    const step = Math.max(1, Number(match[3] ?? 1));
    for (let number = first; number <= last; number += step) {
      if (numbers.length === TASKS_MAX) return undefined;
      numbers.push(number);
    }
  }
  return numbers;
}

/** The same the other way: `0-6,8`. `numbers`: in any order, each once. */
export function taskNumbersText(numbers: Iterable<number>): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (sorted[end + 1] === sorted[end]! + 1) end += 1;
    parts.push(end === at ? `${sorted[at]}` : `${sorted[at]}-${sorted[end]}`);
    at = end + 1;
  }
  return parts.join(',');
}
