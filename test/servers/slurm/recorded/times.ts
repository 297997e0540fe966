const RECORDED = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/g;

/** How times are printed: as Slurm does for SLURM_TIME_FORMAT `%s` and `standard`, of a recording that is moved to another day. */
export interface Times {
  format: string | undefined;
  shiftSeconds: number;
}

export function canPrint({ format }: Times): boolean {
  return format === undefined || format === 'standard' || format === '%s';
}

/** A text with all its times, which are in UTC, printed so; local ones in the time zone of this process. */
export function withTimes(text: string, { format, shiftSeconds }: Times): string {
  return text.replaceAll(RECORDED, (time) => {
    const seconds = Date.parse(`${time}Z`) / 1000 + shiftSeconds;
    return format === '%s' ? String(seconds) : local(seconds);
  });
}

function local(seconds: number): string {
  const minutesWest = new Date(seconds * 1000).getTimezoneOffset();
  return new Date((seconds - minutesWest * 60) * 1000).toISOString().slice(0, 19);
}
