import { randomBytes } from 'node:crypto';
import type { Invocation, Reply } from '../core/adapter.ts';
import type { Confirmation } from '../core/command.ts';
import { BotError } from '../core/errors.ts';
import { isSameJob, type Job, jobName } from '../core/job.ts';
import type { Message, Text } from '../core/message.ts';
import { CONFIRM, CONFIRMATION_GONE, type Edit, NEEDS_CONFIRMATION, yesToken } from '../core/press.ts';
import type { RequestContext } from '../core/request.ts';
import { type Clock, durationText } from '../core/time.ts';
import type { Confirmations } from '../store/confirmations.ts';
import type { CommandInput } from './parse.ts';
import type { Presses } from './presses.ts';

export const QUESTION_TIMINGS = {
  /** How long a question waits for its yes. */
  openMs: 10 * 60_000,
};

/** A question that this process asked and nobody has answered. */
interface Open {
  message: Message;
  /** The one job that it is about. */
  job: Job | null;
  expiry: NodeJS.Timeout;
  /** Edits it where it stands, once it does, if that can be. */
  edit?: Promise<Edit | undefined>;
}

/** What somebody says yes to, with its session. `closed`: the question as it stands from now on, for whoever can edit it. */
export interface Yes {
  input: CommandInput;
  session: string | null;
  closed: { message: Message; edit: Promise<Edit | undefined> | undefined };
}

/**
 * Questions, each with its yes, which only whoever was asked can say. One that was answered, has expired, or whose job has
 * ended says so in its own place, without its buttons, where the platform lets it be edited.
 */
export function createQuestions({
  confirmations,
  presses,
  clock,
  timings,
}: {
  confirmations: Confirmations;
  presses: Pick<Presses, 'mustBeUnsaid'>;
  clock: Clock;
  timings: typeof QUESTION_TIMINGS;
}) {
  const open = new Map<string, Open>();

  /** Takes it from the open ones. */
  function settled(token: string): Open | undefined {
    const question = open.get(token);
    clearTimeout(question?.expiry);
    open.delete(token);
    return question;
  }

  /** What cannot be edited any more says that it is closed when it is pressed. */
  function close(token: string, words: Text): void {
    const question = settled(token);
    void question?.edit?.then((edit) => edit?.(closedWith(question.message, words))).catch(() => {});
  }

  const expiredWords = `It has expired unanswered after ${durationText(timings.openMs)}, and nothing was done. Run the command again.`;

  return {
    /** What asks it. `session`: the one that it is about. */
    ask(
      { person, adapter, channel }: RequestContext,
      command: string,
      { question, confirmLabel, options }: Confirmation,
      { session, job }: { session: string; job: Job | null },
    ): Reply & { data: { token: string } } {
      const token = randomBytes(18).toString('base64url');
      const expiresAt = clock() + timings.openMs;
      confirmations.ask({
        token,
        person: person.id,
        adapter,
        channel,
        session,
        command,
        options,
        question,
        expiresAt,
      });
      const expiry = setTimeout(() => close(token, expiredWords), timings.openMs).unref();
      open.set(token, { message: question, job, expiry });
      const yes = {
        label: confirmLabel,
        command: CONFIRM,
        options: { token },
        style: 'danger' as const,
        replaces: true,
      };
      const message: Message = {
        ...question,
        blocks: [...question.blocks, { kind: 'buttons', buttons: [yes] }],
      };
      return {
        message,
        visibility: 'private',
        ok: false,
        final: true,
        errorCode: NEEDS_CONFIRMATION,
        data: { token },
      };
    },

    /** It is being shown: how to edit it there, where that can be. */
    stands(token: string, edit: Promise<Edit | undefined>): void {
      const question = open.get(token);
      if (question) question.edit = edit;
    },

    /** The command that waits for a yes; undefined once it was given. */
    questioned: (token: string) => confirmations.askedOf(token),

    /**
     * What somebody says yes to; undefined where it is no yes. Errors `pressed-already`, `confirmation-gone`,
     * and `not-yours` for somebody else's.
     */
    take({ input, person, adapter }: Invocation): Yes | undefined {
      const token = yesToken(input);
      if (token === undefined) return undefined;
      const confirmed = confirmations.take(token, person.id, adapter);
      if (!confirmed) throw whyNot(token, person);
      const asked = settled(token);
      const { command, options, session, question } = confirmed;
      const words: Text = [{ bold: 'Yes' }, `, said ${person.name}.`];
      return {
        input: { kind: 'options', command, options },
        session,
        closed: { message: closedWith(question ?? { blocks: [] }, words), edit: asked?.edit },
      };
    },

    /** It was asked about a job that has ended. */
    jobEnded(job: Job): void {
      for (const [token, question] of open)
        if (question.job && isSameJob(question.job, job))
          close(token, [{ code: jobName(job) }, ' has ended meanwhile, so nothing is left to answer.']);
    },
  };

  function whyNot(token: string, person: Invocation['person']): BotError {
    const asked = confirmations.askedOf(token);
    if (asked && asked.person !== person.id)
      return new BotError(
        'not-yours',
        'This question was put to somebody else, who alone can answer it.',
        'Run the command yourself.',
      );
    if (asked && asked.expiresAt <= clock())
      return new BotError(
        CONFIRMATION_GONE,
        `This question has expired: it waited ${durationText(timings.openMs)} for an answer, and nothing was done.`,
        'Run the command again.',
      );
    presses.mustBeUnsaid(token, person);
    return new BotError(
      CONFIRMATION_GONE,
      'This question is no longer open, and nothing was done.',
      'Run the command again.',
    );
  }
}

export type Questions = ReturnType<typeof createQuestions>;

/** A question that nobody can answer any more, and why. */
function closedWith({ blocks }: Message, words: Text): Message {
  return { blocks: [...blocks, { kind: 'text', text: words }] };
}
