import type { Reply } from '../core/adapter.ts';
import { clip } from '../core/clip.ts';
import type { CommandDeclaration } from '../core/command-declaration.ts';
import { BotError } from '../core/errors.ts';
import type { JobKey } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { Message } from '../core/message.ts';
import type { Person } from '../core/person.ts';
import { plainText } from '../core/plain-text.ts';
import { PRESSED_ALREADY, yesToken } from '../core/press.ts';
import { type Clock, durationText } from '../core/time.ts';
import { commandLine } from '../core/typed-words.ts';
import type { KeptPress, PressKind, PressStore } from '../store/presses.ts';
import type { Run } from './context.ts';
import { hashOf, pressKey, yesKey } from './press-key.ts';

/** Two who press what does the same within this time, on whatever messages, mean one deed, milliseconds. */
const AT_ONCE_MS = 30_000;
/** Of an answer this much is repeated to whoever presses again, characters. */
const OUTCOME_MAX = 200;

const VERBS: Record<PressKind, string> = {
  button: 'pressed this',
  form: 'sent this form',
  words: 'asked for this',
  yes: 'answered this',
};

/** Sees to it that what is pressed, sent or delivered twice is done once, and that the second is told who did it. */
export function createPresses(deps: {
  store: PressStore;
  commands: readonly CommandDeclaration[];
  nameOf(job: JobKey): string;
  now: Clock;
  log: Log;
}) {
  const { store, now, log } = deps;
  /** What this process is at; what is not done and not here was cut off with a process before. */
  const underWay = new Set<string>();

  function earlier(key: string, run: Pick<Run, 'command'>, kind: PressKind, deed: string) {
    const same = store.byKey(key);
    const mayAgain = run.command.once !== true && kind === 'button' && same?.isDone === true;
    if (same && !(mayAgain && same.at <= now() - AT_ONCE_MS)) return same;
    return kind === 'button' || kind === 'yes' ? store.ofDeed(deed, now() - AT_ONCE_MS) : undefined;
  }

  function told(press: KeptPress, to: Person, again: string | undefined): BotError {
    const who = press.person === to.id ? 'You' : press.personName;
    const when = `${durationText(now() - press.at)} ago`;
    const said = `${who} ${VERBS[press.kind]} ${when}`;
    if (press.isDone)
      return new BotError(
        PRESSED_ALREADY,
        press.outcome === '' ? `${said}.` : `${said}: ${press.outcome}`,
        again,
      );
    if (underWay.has(press.key))
      return new BotError(PRESSED_ALREADY, `${said}, and it is under way.`, 'Its answer will follow there.');
    store.remove(press.key);
    return new BotError(
      PRESSED_ALREADY,
      `${said}, and xaxbot stopped before it was over.`,
      'Look whether it was done; if it was not, do the same again.',
    );
  }

  /** The same as a command, where that is short enough to read. */
  function asCommand({ request }: Run): string | undefined {
    if (request.input?.kind !== 'options' || request.press?.kind !== 'button') return undefined;
    const line = commandLine(request.input, deps);
    return line.length > OUTCOME_MAX ? undefined : `To do it once more, give the command: "${line}".`;
  }

  return {
    /** Error `pressed-already` for a yes that was said, telling by whom. */
    mustBeUnsaid(token: string, person: Person): void {
      const said = store.byKey(yesKey(token));
      if (said) throw told(said, person, undefined);
    },

    /**
     * Writes down that something is done now; returns how to say what came of it. What was not done may be tried again.
     * Error `pressed-already` where it was done, or is being done. Undefined where nothing tells it from another.
     */
    begin(
      run: Run,
    ): { done(answer: Pick<Reply, 'message' | 'visibility'>): void; undone(): void } | undefined {
      const { command, raw, request, experiments } = run;
      const { adapter, input, press, person } = request;
      const key = input && pressKey({ adapter, input, press });
      if (key === undefined) return undefined;
      const kind = yesToken(input!) === undefined ? press!.kind : 'yes';
      const deed = hashOf([command.name, raw, experiments?.session.info().name]);
      const before = earlier(key, run, kind, deed);
      if (before) throw told(before, person, asCommand(run));
      store.remove(key);
      store.add({ key, kind, deed, person: person.id, personName: person.name, at: now() });
      underWay.add(key);
      return {
        done: ({ message, visibility }) =>
          settled(key, () => store.finish(key, visibility === 'public' ? firstLine(message) : '')),
        undone: () => settled(key, () => store.remove(key)),
      };
    },
  };

  /** A failure to write it down undoes nothing. */
  function settled(key: string, write: () => void): void {
    underWay.delete(key);
    try {
      write();
    } catch (error) {
      log.error({ err: error }, 'what came of a press is not written down');
    }
  }
}

export type Presses = ReturnType<typeof createPresses>;

function firstLine({ blocks }: Message): string {
  const text = plainText({ blocks: blocks.filter(({ kind }) => kind === 'text').slice(0, 1) });
  return clip(text.split('\n')[0] ?? '', OUTCOME_MAX);
}
