export type Json = Record<string, unknown>;

/** A payload that is taken, one that is not, and where its first problem is. */
export type Rule = [what: string, good: Json, broken: Json, where: string];

export const x = (length: number) => 'x'.repeat(length);
export const many = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index));

/** A problem at this place. */
export const at = (where: string) => new RegExp(`^${where.replaceAll(/[.()]/g, '\\$&')}: `);
