import { durationText } from '../core/time.ts';
import type { Answer } from './answers.ts';
import { type Run, visibilityOf } from './context.ts';

/** What takes no longer is answered without a word before, milliseconds. */
const QUICK_MS = 1_000;
/** How often it is said anew: an edit each, of which platforms take some fifty a minute from all of us. */
const EVERY_MS = 3_000;

/**
 * Says, of a command that names what it may take long for, that it is at work and for how long it has been; until the returned
 * function is called.
 */
export function sayWorking({ command, values }: Run, reply: Answer): () => void {
  const { working } = command;
  if (working === undefined) return () => {};
  const begun = performance.now();
  const visibility = visibilityOf(command, values);
  const say = () => {
    const elapsed = performance.now() - begun;
    const label = `${working}… ${durationText(elapsed)}`;
    void reply({
      message: { tone: 'active', blocks: [{ kind: 'progress', label, fraction: null }] },
      visibility,
      ok: true,
      final: false,
      data: { seconds: Math.round(elapsed / 1000) },
    });
    timer = setTimeout(say, EVERY_MS).unref();
  };
  let timer = setTimeout(say, QUICK_MS).unref();
  return () => clearTimeout(timer);
}
