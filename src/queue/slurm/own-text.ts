/** A text of its own: what is cut out of a longer one holds that whole one in memory (V8). */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
