import type { z } from 'zod';

/** What a schema finds wrong with a payload, each as `where: what`; none when it takes it. */
export function problemsOf(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return error ? error.issues.map(({ path, message }) => `${path.join('.') || '(whole)'}: ${message}`) : [];
}

/** What a platform was sent and would not have taken. */
export interface Violations {
  /** Keeps what is wrong with a payload, if anything; returns it. */
  note(what: string, problems: string[]): string[];
  /** Throws when anything was kept. */
  expectNone(): void;
}

/** Collects the broken payloads of a test, so that it fails even when the program copes with the refusal. */
export function createViolations(platform: string): Violations {
  const kept: string[] = [];
  return {
    note(what, problems) {
      kept.push(...problems.map((problem) => `${what}: ${problem}`));
      return problems;
    },
    expectNone() {
      if (kept.length > 0)
        throw new Error(`${platform} was sent what it does not take:\n${[...new Set(kept)].join('\n')}`);
    },
  };
}

/** Calls `bad` when a value occurs twice; undefined ones do not count. */
export function findRepeated(values: readonly unknown[], bad: (value: unknown) => void): void {
  const seen = new Set<unknown>();
  for (const value of values) {
    if (value !== undefined && seen.has(value)) bad(value);
    seen.add(value);
  }
}
