type Assignments = Readonly<Record<string, string>>;

/** `learning_rate 0.01 -> 0.003`: what differs between two launches, in the order of the keys. */
export function changesFrom(from: Assignments, to: Assignments): string {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return keys
    .filter((key) => from[key] !== to[key])
    .map((key) => `${key} ${from[key] ?? 'unset'} -> ${to[key] ?? 'unset'}`)
    .join(', ');
}

/** Whether two launches have the same settings. */
export function isSameLaunch(a: Assignments, b: Assignments): boolean {
  return changesFrom(a, b) === '';
}
