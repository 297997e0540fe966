import { askRunningBot, NotRunning, type OnReply } from '../../adapters/terminal/client.ts';
import type { TerminalRequest } from '../../adapters/terminal/protocol.ts';
import { type Config, loadConfig } from '../config/config.ts';
import type { Reply } from '../core/adapter.ts';
import { BotError } from '../core/errors.ts';
import { botSocket } from './bot-socket.ts';
import type { Place } from './place.ts';

/** Who answered: the running bot, or this process, which did what one would have done. */
export type Answerer = 'bot' | 'once';

/** Asks for something once; `onReply` hears each answer. `ofBot`: of a bot alone, error `no-answer` while none runs. */
export type Ask = (
  request: TerminalRequest,
  onReply: (reply: Reply) => void,
  ofBot?: boolean,
) => Promise<Answerer>;

/**
 * Asks the bot that runs on the data folder, and where none does, does it without. `onZone` hears, before each answer, in which
 * zone its times are shown.
 */
export function createAsk(place: Place, dataDir: string, onZone: (timezone: string) => void): Ask {
  return async (request, onReply, ofBot = false) => {
    const hears: OnReply = (reply, zone) => {
      onZone(zone);
      onReply(reply);
    };
    try {
      await askRunningBot(botSocket(dataDir), request, hears);
      return 'bot';
    } catch (error) {
      if (!(error instanceof NotRunning)) throw error;
      if (ofBot) throw new BotError('no-answer', 'xaxbot is not running.');
      const { runOnce } = await import('./run-once.ts');
      const once = (config: Config) => runOnce(config, request, (reply) => hears(reply, config.timezone));
      let config: Config;
      try {
        config = loadConfig(place);
      } catch (problem) {
        const { isOfQueue, withQueueAlone } = await import('./of-queue-alone.ts');
        if (!(problem instanceof BotError) || !isOfQueue(request)) throw problem;
        await withQueueAlone(place, problem, once);
        return 'once';
      }
      await once(config);
      return 'once';
    }
  };
}

/** What came of a question: the last answer, or why there is none yet, so that it is asked again. */
export type Heard = { reply: Reply; by: Answerer } | { reply: undefined; why: string };
export type Hear = (argv: readonly string[], onInterim?: (reply: Reply) => void) => Promise<Heard>;

/** Error codes of a bot that is just ending, or has just begun. */
const PASSING: readonly (string | undefined)[] = ['no-answer', 'stopping', 'already-running'];
/** A bot that was there and is gone is being restarted, until it has been gone for so long, milliseconds. */
const BACK_WITHIN_MS = 15_000;

/** Asks again and again for what only reads, whatever becomes of the bot meanwhile. Rejects with what does not pass by itself. */
export function createHear(ask: Ask): Hear {
  let wasThereAt = Number.NEGATIVE_INFINITY;

  return async (argv, onInterim = () => {}) => {
    try {
      let last: Reply | undefined;
      const hears = (reply: Reply) => {
        last = reply;
        if (!reply.final) onInterim(reply);
      };
      const isAwaited = performance.now() - wasThereAt < BACK_WITHIN_MS;
      const by = await ask({ argv: [...argv], yes: false }, hears, isAwaited);
      if (by === 'bot') wasThereAt = performance.now();
      if (last && !PASSING.includes(last.errorCode)) return { reply: last, by };
      return { reply: undefined, why: 'xaxbot is ending.' };
    } catch (error) {
      if (!(error instanceof BotError) || !PASSING.includes(error.code)) throw error;
      // It broke off in the middle: it was there until now.
      if (error.hint) wasThereAt = performance.now();
      return { reply: undefined, why: error.message };
    }
  };
}
