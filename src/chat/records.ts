import type { Command } from '../core/command.ts';
import { BotError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { RawOptions } from '../core/options.ts';
import type { RequestContext } from '../core/request.ts';
import type { Outcome } from '../core/services/audit.ts';
import type { Audit } from '../store/audit.ts';
import { NOT_ALLOWED } from './authorise.ts';
import type { Run } from './context.ts';
import { hashOf } from './press-key.ts';
import { type KnownNames, referencesOf } from './references.ts';
import { createTurnedAway } from './turned-away.ts';
import { jobsOf } from './values.ts';

/** Characters of a token's hash that name its question. */
const QUESTION_LENGTH = 8;
/** What is written for a failure of our own. */
const OWN_FAILURE = 'error';
const ELSEWHERE = 'not-in-this-channel';

/** As far as it was understood what somebody asked for. */
export interface Asked {
  request: RequestContext;
  command?: Command | undefined;
  raw?: RawOptions | undefined;
  values?: unknown;
}

/**
 * Writes down what people ask for, what is refused to them, and what comes of the rest. What is about to change something must be
 * written before it is done; a failure to write down anything else is logged and undoes nothing.
 */
export function createRecords(deps: {
  audit: Pick<Audit, 'add' | 'end'>;
  known(at: RequestContext): KnownNames;
  now(): number;
  log: Log;
}) {
  const { audit, log } = deps;
  const turnedAway = createTurnedAway({ add: (entry) => audit.add(entry), now: deps.now });

  function of({ request, command, raw, values = {} }: Asked) {
    const { person, adapter, channel } = request;
    const known = values as Record<string, unknown>;
    return {
      person: person.id,
      adapter,
      channel,
      command: command?.name ?? null,
      jobs: command ? jobsOf(command.options, known) : [],
      options: command && raw ? referencesOf(command, raw, known, deps.known(request)) : {},
    };
  }

  function gently(what: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      log.error({ err: error }, `${what} is not in the audit`);
    }
  }

  return {
    /** Something is changed now; how to write down what came of it. */
    begun(run: Run): (outcome: Outcome, detail: string | null) => void {
      const approvedBy = run.approvedBy?.id;
      const attempt = audit.add({ event: 'begun', ...of(run), approvedBy });
      return (outcome, detail) => gently('what came of a command', () => audit.end(attempt, outcome, detail));
    },
    /** Nothing was tried, for a reason that whoever asked was told. What was no refusal is not written. */
    turnedAway(asked: Asked, error: unknown): void {
      if (!(error instanceof BotError)) return;
      const isElsewhere = error.code === NOT_ALLOWED && asked.request.person.barred === 'elsewhere';
      const detail = isElsewhere ? ELSEWHERE : error.code;
      gently('a refusal', () => turnedAway.add({ ...of(asked), detail }));
    },
    /** A question before a deed, or its yes. */
    question(event: 'asked' | 'answered', asked: Asked, token: string): void {
      const name = hashOf(token).slice(0, QUESTION_LENGTH);
      gently('a question', () => void audit.add({ event, ...of(asked), detail: `question ${name}` }));
    },
    proposed: (asked: Asked, proposal: number): void =>
      gently(
        'a proposal',
        () => void audit.add({ event: 'proposed', ...of(asked), detail: `proposal ${proposal}` }),
      ),
    /** Writes down, from time to time and at the end, how often a refusal came again. */
    tick: () => gently('a refusal', turnedAway.tick),
    stop: () => gently('a refusal', turnedAway.settle),
  };
}

/** Why something failed, in a word that is none of anybody's text. */
export function whyFailed(error: unknown): string {
  return error instanceof BotError ? error.code : OWN_FAILURE;
}

export type Records = ReturnType<typeof createRecords>;
