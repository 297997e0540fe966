/** The bounds of a number in words that stand behind what it is: ` from 1 to 64`, ` from 1`, ` to 64`, or nothing. */
export function rangeWords({ min, max }: { min?: number | undefined; max?: number | undefined }): string {
  return `${min === undefined ? '' : ` from ${min}`}${max === undefined ? '' : ` to ${max}`}`;
}
