import type { Clock } from '../../src/core/time.ts';
import type { Meaning } from './problems.ts';

interface Problem {
  text: string;
  since: number;
  channel: string | undefined;
  method: string;
  meaning: Meaning;
}

/** What only a person can mend, until a call shows that it is mended. */
export function createProblems(deps: { isListed(channel: string): boolean; clock: Clock }) {
  let problems: Problem[] = [];
  return {
    /** Whether it is news. What goes wrong where somebody only asked something is told to them alone. */
    add(meaning: Meaning, text: string, method: string, channelOfCall: string | undefined): boolean {
      const channel = meaning.scope === 'channel' ? channelOfCall : undefined;
      if (channel !== undefined && !deps.isListed(channel)) return false;
      if (problems.some((each) => each.text === text && each.channel === channel)) return false;
      problems.push({ text, since: deps.clock(), channel, method, meaning });
      return true;
    },
    /** A call was done: what stood in its way is mended. */
    mended(method: string, channel: string | undefined): void {
      problems = problems.filter(
        (each) =>
          (each.channel !== undefined && each.channel !== channel) ||
          (each.meaning.ofMethod === true && each.method !== method),
      );
    },
    all: (): readonly Problem[] => problems,
  };
}
