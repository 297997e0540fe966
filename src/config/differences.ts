import { clip } from '../core/clip.ts';
import type { Statement } from './statements.ts';

/** What differs between two readings of the settings, in words: "people.ada.role: operator → viewer". */
export interface Differences {
  /** What a running bot takes in. */
  live: string[];
  /** What takes a restart. */
  fixed: string[];
}

/** Of a value so much is shown, and of all that is said of something new, characters. */
const SHOWN = { value: 40, all: 64 };
/** What changed further in one thing is counted: a preset has dozens of values. */
const MANY = 3;

/** How the settings differ; of secrets that they do, and no value. */
export function differences(before: readonly Statement[], after: readonly Statement[]): Differences {
  const [was, is] = [byOwner(before), byOwner(after)];
  const found: Differences = { live: [], fixed: [] };
  for (const of of new Set([...was.keys(), ...is.keys()])) {
    const [old = [], now = []] = [was.get(of), is.get(of)];
    const { isLive } = (old[0] ?? now[0])!;
    found[isLive ? 'live' : 'fixed'].push(...between(of, old, now));
  }
  return found;
}

const byOwner = (statements: readonly Statement[]) => Map.groupBy(statements, ({ of }) => of);

function between(of: string, old: readonly Statement[], now: readonly Statement[]): string[] {
  const isNamed = [...old, ...now].some(({ key }) => key !== '');
  if (isNamed && old.length === 0) return [`${of}: new, ${listed(now)}`];
  if (isNamed && now.length === 0) return [`${of}: removed`];
  const keys = new Set([...old, ...now].map(({ key }) => key));
  const changed = [...keys].flatMap((key) => {
    const [from, to] = [old, now].map((each) => each.find((one) => one.key === key));
    if (from?.value === to?.value) return [];
    const name = key === '' ? of : `${of}.${key}`;
    if (from?.isSecret || to?.isSecret) return [`${name}: changed`];
    return [`${name}: ${shown(from)} → ${shown(to)}`];
  });
  const more = changed.length - (MANY - 1);
  return more > 1 ? [...changed.slice(0, MANY - 1), `${of}: ${more} more values`] : changed;
}

function listed(statements: readonly Statement[]): string {
  const pairs = statements.map(({ key, value, isSecret }) => `${key} ${isSecret ? '(hidden)' : value}`);
  return clip(pairs.join(', '), SHOWN.all);
}

function shown(statement: Statement | undefined): string {
  if (statement === undefined) return 'not set';
  return clip(statement.value, SHOWN.value);
}
