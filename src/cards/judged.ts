import type { Reached } from '../core/facts.ts';
import type { Inline } from '../core/message.ts';
import { metricText } from '../core/units.ts';

/** Curves that are named beside the one by which a run is judged. */
const NAMED_MAX = 2;

/**
 * A curve's name or value, and why a run is judged by it where nobody declared that; where that is as true of others, which these are
 * and how one is chosen.
 */
export function ruleText(before: string, { rule, alike = [] }: Pick<Reached, 'rule' | 'alike'>): Inline[] {
  if (rule === undefined) return [before];
  const because = `${before}, ${rule}`;
  if (alike.length === 0) return [because];
  const more = alike.length - NAMED_MAX;
  const named = alike.slice(0, NAMED_MAX).join(', ');
  const others = more > 0 ? `${named} and ${more} more` : named;
  return [`${because}, as are ${others}; `, { command: 'session change metric=…' }, ' takes another'];
}

/** `0.41, its loss on held-out data`: why that one, where nobody declared it. */
export function reachedText(reached: Reached): Inline[] {
  return ruleText(metricText(reached.tag, reached.value), reached);
}
