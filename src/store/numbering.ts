/** The tables whose rows are called by their number outside the database, and in which column that stands. */
export const NUMBERED = {
  transitions: 'id',
  proposals: 'id',
  notes: 'id',
  kills: 'id',
  edits: 'id',
  launches: 'id',
  watch_episodes: 'id',
  put_off: 'id',
  web_messages: 'id',
  web_changes: 'seq',
  followed_runs: 'number',
} as const;

type Numbered = keyof typeof NUMBERED;

/** The table that a name of `NUMBERED` is of. */
export function tableOf(name: string): string {
  return name === 'web_changes' ? 'web_messages' : name;
}

/** SQL of the number that a new row gets: after all that were ever given out. */
export function nextNumber(name: Numbered): string {
  const last = `coalesce((SELECT max(${NUMBERED[name]}) FROM ${tableOf(name)}), 0)`;
  return `(SELECT max(${last}, coalesce((SELECT above FROM numbering WHERE name = '${name}'), 0)) + 1)`;
}
