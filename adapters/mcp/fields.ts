/** Fields whose own fields have names that somebody else gave: settings, options, metrics. */
const NAMED_BY_PEOPLE: ReadonlySet<string> = new Set([
  'assignments',
  'config',
  'fixed',
  'given',
  'latest',
  'metrics',
  'named',
  'options',
  'points',
  'dismissed',
  'settings',
  'values',
]);
/** Of a list that stands in such a field, what its entries have where they are ours: a row for each metric. */
const OF_ROWS: ReadonlySet<string> = new Set(['tag', 'points', 'value', 'step', 'wallTime', 'counts']);
/** A row for each option of a preset. */
const OF_OPTIONS: ReadonlySet<string> = new Set([
  'key',
  'type',
  'description',
  'min',
  'max',
  'choices',
  'default',
]);

/** Whether what stands in a field of this name may have names of somebody else within it. */
export function isForNames(field: string): boolean {
  return NAMED_BY_PEOPLE.has(field);
}

/** Whether an object that stands in such a field has names of ours all the same; nobody can make a sentence of them. */
export function isOwnRow(value: object): boolean {
  const names = Object.keys(value);
  if (names.length === 0) return false;
  const isOption = names.includes('key') && names.every((name) => OF_OPTIONS.has(name));
  return isOption || names.every((name) => OF_ROWS.has(name));
}
