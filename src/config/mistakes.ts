import { BotError, errorText } from '../core/errors.ts';

/** The last line of a refused start. */
export const NOTHING_STARTED = 'Nothing was started.';

/** Collects the problems of the settings, so that one start reports all of them. */
export function createMistakes() {
  const found: BotError[] = [];
  return {
    found: found as readonly BotError[],

    /** What `read` gives; `meanwhile` when it throws a BotError, which is kept. */
    attempt<T>(read: () => T, meanwhile: NoInfer<T>): T {
      try {
        return read();
      } catch (error) {
        if (!(error instanceof BotError)) throw error;
        found.push(error);
        return meanwhile;
      }
    },

    /** Keeps a problem that was met. */
    keep(problem: BotError): void {
      found.push(problem);
    },

    /** Throws what was kept: one error as it was, several as one. Error `config`. */
    tell(): void {
      const [first, ...others] = found;
      if (first === undefined) return;
      if (others.length === 0) throw first;
      const texts = found.map((each) => (each.hint === NOTHING_STARTED ? each.message : errorText(each)));
      throw new BotError(
        'config',
        `There are several problems with the settings:\n${[...new Set(texts)].join('\n')}`,
        NOTHING_STARTED,
      );
    },
  };
}
