/** Where a job's run is, if not in its run folder. */
export interface RunPlace {
  /** The folder, absolute. */
  folder: string;
  /** Why that one, in words that complete "It writes to FOLDER, ". */
  because: string;
}

/** What is known of that: the one, several that it could be, or nothing. */
export type FoundPlace = { place: RunPlace } | { candidates: readonly string[] } | null;

/** What a reading of a run says of that. */
export function foundPlaceOf({
  place,
  candidates,
}: {
  place?: RunPlace | undefined;
  candidates?: readonly string[] | undefined;
}): FoundPlace {
  return place ? { place } : candidates ? { candidates } : null;
}
