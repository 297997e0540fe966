export interface Suggestion {
  /** All that is to be passed. */
  settings: Record<string, string>;
  /** Against the best so far. */
  changes: { key: string; from: string | null; to: string }[];
  /** The best so far; null for a first run. */
  parent: string | null;
  hypothesis: string;
  expected: string;
  why: string;
  /** Ids that `why` points at. */
  rows: string[];
}

export interface Suggestions {
  /** Advice to stop, with the reason; what follows is what one would try if people go on. */
  stop: { why: string; rows: string[] } | null;
  suggestions: Suggestion[];
}
