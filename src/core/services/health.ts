/** How one part of the bot is. */
export interface HealthItem {
  name: string;
  ok: boolean;
  detail: string;
  /** What it is about, without names that are the team's own; absent: its name. */
  part?: string;
  /** Where all such have a problem, the bot is of no use. */
  isVital?: true;
}

/** What may be told to everybody who asks: whether each part is ok. */
export interface HealthSummary {
  status: 'ok' | 'degraded' | 'down';
  parts: Record<string, 'ok' | 'problem'>;
}

/** The health of all in brief; it names no queue, person, path or error. */
export function healthSummary(items: readonly HealthItem[]): HealthSummary {
  const byPart = Map.groupBy(items, ({ part, name }) => part ?? name);
  const vital = items.filter(({ isVital }) => isVital);
  const isDown = vital.length > 0 && vital.every(({ ok }) => !ok);
  const isOk = items.every(({ ok }) => ok);
  return {
    status: isDown ? 'down' : isOk ? 'ok' : 'degraded',
    parts: Object.fromEntries(
      [...byPart].map(([part, of]) => [part, of.every(({ ok }) => ok) ? 'ok' : 'problem']),
    ),
  };
}
