import { isAside } from './asides.ts';
import type { Chain } from './chains.ts';
import { isConsequence, isLaunchers } from './consequences.ts';
import { handledOf } from './handled.ts';

/**
 * What an exception was to the run:
 * `aside`: of a destructor, a thread, an exit handler or of logging itself, and ended nothing;
 * `survived`: training went on after it; `stopped`: somebody interrupted it; `launcher`: a launcher's own, of its child's end;
 * `consequence`: of another process's end; `ending`: what ended the run, if anything of Python's did.
 */
export type Role = 'aside' | 'survived' | 'stopped' | 'launcher' | 'consequence' | 'ending';

const STOPPED: readonly string[] = ['KeyboardInterrupt', 'SystemExit', 'GeneratorExit'];
/** After it, torch says, data may be corrupted: whatever fails later fails because of it. */
const COLLECTIVE_TIMED_OUT = /Watchdog caught collective operation timeout/;

/** The chains of a log by their roles. `advanced` is the last line that a training is seen to go on after. */
export function chainsByRole(
  chains: readonly Chain[],
  lines: readonly string[],
  advanced: number,
): (role: Role) => Chain[] {
  const isHandled = handledOf(chains, lines);
  const found = lines.findIndex((line, at) => at > advanced && COLLECTIVE_TIMED_OUT.test(line));
  const timedOut = found < 0 ? lines.length : found;
  const roleOf = (chain: Chain): Role => {
    const [first, last] = [chain.exceptions[0]!, chain.exceptions.at(-1)!];
    if (isAside(chain, lines)) return 'aside';
    if (chain.end <= advanced || isHandled(chain)) return 'survived';
    if (STOPPED.includes(first.type) || STOPPED.includes(last.type)) return 'stopped';
    if (isLaunchers(last)) return 'launcher';
    return isConsequence(last) || timedOut < chain.start ? 'consequence' : 'ending';
  };
  const byRole = Map.groupBy(chains, roleOf);
  return (role) => byRole.get(role) ?? [];
}
