/** As JSON.stringify, but that a number which JSON cannot hold is its name in quotes and not null: `"NaN"`, `"-Infinity"`. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'number' && !Number.isFinite(each) ? String(each) : each,
  );
}
