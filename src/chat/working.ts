import { type AskHowFar, goingOn } from '../core/how-far.ts';
import type { CommandContext } from '../core/services/context.ts';
import type { Answer } from './answers.ts';
import { type Run, visibilityOf } from './context.ts';

/** What takes no longer is answered without a word before, milliseconds. */
const QUICK_MS = 1_000;
/** How often it is said anew: an edit each, of which platforms take some fifty a minute from all of us. */
const EVERY_MS = 3_000;

/**
 * Says, of a command that names what it may take long for, that it is at work, for how long it has been and how far it is, where
 * it tells; until `done`. `heard` is the context in which it can tell.
 */
export function sayWorking(
  { command, values }: Run,
  context: CommandContext,
  reply: Answer,
): { heard: CommandContext; done(): void } {
  const { working } = command;
  if (working === undefined) return { heard: context, done() {} };
  const begun = performance.now();
  const visibility = visibilityOf(command, values);
  let ask: AskHowFar = () => null;
  const say = () => {
    const elapsed = performance.now() - begun;
    const far = ask();
    void reply({
      message: { tone: 'active', blocks: [goingOn(working, far, elapsed)] },
      visibility,
      ok: true,
      final: false,
      data: { seconds: Math.round(elapsed / 1000), ...far },
    });
    timer = setTimeout(say, EVERY_MS).unref();
  };
  let timer = setTimeout(say, QUICK_MS).unref();
  const howFar = (told: AskHowFar) => {
    ask = told;
  };
  return {
    heard: { ...context, reply: { ...context.reply, howFar } },
    done: () => clearTimeout(timer),
  };
}
