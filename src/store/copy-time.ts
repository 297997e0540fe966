/** An instant (epoch ms) as the names of copies hold it, to the second: `20261130T011205Z`. */
export function copyTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** The instant that a copy's name tells. */
export function timeOfCopy(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
