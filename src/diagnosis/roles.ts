import { isAside, isThreads } from './asides.ts';
import type { Chain } from './chains.ts';
import { isConsequence, isLaunchers, isWaited } from './consequences.ts';
import { handledOf } from './handled.ts';

/**
 * What an exception was to the run:
 * `aside`: of a destructor, an exit handler or of logging itself, and ended nothing; `thread`: ended a thread of it;
 * `survived`: training went on after it; `overtaken`: training's lines stand below it though nobody caught it, as where
 * stdout is a file and is written late; `stopped`: somebody interrupted it; `launcher`: a launcher's own, of its child's end;
 * `consequence`: of another process's or thread's end; `ending`: what ended the run, if anything of Python's did.
 */
export type Role =
  | 'aside'
  | 'thread'
  | 'survived'
  | 'overtaken'
  | 'stopped'
  | 'launcher'
  | 'consequence'
  | 'ending';

const STOPPED: readonly string[] = ['KeyboardInterrupt', 'SystemExit', 'GeneratorExit'];
/** After it, torch says, data may be corrupted: whatever fails later fails because of it. */
const COLLECTIVE_TIMED_OUT = /Watchdog caught collective operation timeout/;
/** What multiprocessing prints above a child's traceback. */
const CHILD = /^Process \S+:$/;
/** Where the interpreter itself begins to run a program. */
const OUTERMOST = /^(<module>|_run_module_as_main)$/;

/** The chains of a log by their roles. `advanced` is the last line that a training is seen to go on after. */
export function chainsByRole(
  chains: readonly Chain[],
  lines: readonly string[],
  advanced: number,
): (role: Role) => Chain[] {
  const isHandled = handledOf(chains, lines);
  const found = lines.findIndex((line, at) => at > advanced && COLLECTIVE_TIMED_OUT.test(line));
  const timedOut = found < 0 ? lines.length : found;
  const ofOthers = chains.find((chain) => isThreads(chain, lines) || isChilds(chain, lines));
  const roleOf = (chain: Chain): Role => {
    const [first, last] = [chain.exceptions[0]!, chain.exceptions.at(-1)!];
    if (isAside(chain, lines)) return 'aside';
    if (isHandled(chain)) return 'survived';
    if (chain.end <= advanced) return isUncaught(chain) && !isConsequence(last) ? 'overtaken' : 'survived';
    const isEffect =
      isConsequence(last) ||
      timedOut < chain.start ||
      (isWaited(last) && ofOthers !== undefined && ofOthers !== chain && ofOthers.end <= chain.start);
    if (isThreads(chain, lines)) return isEffect ? 'aside' : 'thread';
    if (STOPPED.includes(first.type) || STOPPED.includes(last.type)) return 'stopped';
    if (isLaunchers(last)) return 'launcher';
    return isEffect ? 'consequence' : 'ending';
  };
  const byRole = Map.groupBy(chains, roleOf);
  return (role) => byRole.get(role) ?? [];
}

/** Whether it went up to where the interpreter began, through more than an import at the top of a script. */
function isUncaught({ exceptions }: Chain): boolean {
  const { frames, type } = exceptions.at(-1)!;
  return frames.length > 1 && OUTERMOST.test(frames[0]!.function) && !STOPPED.includes(type);
}

const isChilds = ({ exceptions }: Chain, lines: readonly string[]): boolean => {
  const { start, margin } = exceptions[0]!;
  return CHILD.test(margin.strip(lines[start - 1] ?? '') ?? '');
};
