import { clip } from '../src/core/clip.ts';
import { BotError } from '../src/core/errors.ts';

const AGO = /^(\d{1,5})\s?(m|min|h|d|w)$/i;
const UNIT_MS: Record<string, number> = {
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
/** A date, or a time of ISO 8601; without a zone it is UTC. */
const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** The instant (epoch ms) that `24h` or `2026-11-30T09:00Z` names; undefined for anything else. */
export function sinceIn(text: string, now: number): number | undefined {
  const [, count, unit] = AGO.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * UNIT_MS[unit!.toLowerCase()]!;
  const iso = ISO.exec(text);
  if (!iso) return undefined;
  const [, time, , , zone] = iso;
  const at = Date.parse(time !== undefined && zone === undefined ? `${text}Z` : text);
  return Number.isFinite(at) ? at : undefined;
}

/** The same for an option. Error `bad-option`. */
export function sinceOf(text: string, now: number): number {
  const at = sinceIn(text, now);
  if (at !== undefined) return at;
  throw new BotError(
    'bad-option',
    `since is "${clip(text, 60)}"; accepted: how long ago (30m, 24h, 7d), a date, or a time as 2026-11-30T09:00Z.`,
    undefined,
    'since',
  );
}
