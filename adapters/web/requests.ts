import type { z } from 'zod';
import { refusal } from './guard.ts';

/** The longest message a person may write, characters. */
export const SAY_MAX = 20_000;

/** What a request says, by the schema; refused where it is not that. */
export async function body<T>(request: { json(): Promise<unknown> }, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await request.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  throw refusal(
    400,
    'bad-request',
    'The request was not understood.',
    'Reload the page; it may be older than the bot.',
  );
}

/** A number of a query; undefined for what is none, so that the default holds. */
export function wholeNumber(text: string | undefined): number | undefined {
  const number = Math.trunc(Number(text || Number.NaN));
  return Number.isSafeInteger(number) ? number : undefined;
}
