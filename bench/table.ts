export interface Row {
  what: string;
  /** Null where it could not be measured here. */
  value: number | null;
  unit: string;
  /** What it should stay under, in the same unit; null where there is none. */
  target: number | null;
}

export interface Bench {
  name: string;
  rows: Row[];
}

/** The value below which `part` (0 to 1) of the samples lie. */
export function percentile(samples: readonly number[], part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export function print({ name, rows }: Bench): void {
  console.log(`\n${name}`);
  for (const row of rows) {
    const { what, value, unit, target } = row;
    if (value === null) {
      console.log(`  ${what.padEnd(68)} unmeasured`);
      continue;
    }
    const shown = value >= 100 ? value.toFixed(0) : value.toPrecision(3);
    const verdict = target === null ? '' : isMissed(row) ? `ABOVE ${target}` : `under ${target}`;
    console.log(`  ${what.padEnd(68)} ${shown.padStart(8)} ${unit.padEnd(6)} ${verdict}`);
  }
}

/** Whether it was measured, and is not what it should be. */
export function isMissed({ value, target }: Row): boolean {
  return target !== null && value !== null && !(value <= target);
}
