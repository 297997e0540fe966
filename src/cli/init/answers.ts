import type { Prompt } from '../../../adapters/terminal/screen.ts';
import { BotError } from '../../core/errors.ts';
import type { Given } from '../subcommand.ts';

/** Something that is asked, and what holds when nothing is answered. */
export interface Question {
  flag: string;
  words: string;
  usual: string;
  isSecret?: boolean;
}

/** Answers questions: by the flags, else by the person at the terminal, else by what is usual. */
export interface Answers {
  /** `accept` gives what is to be made of the answer, and throws BotError for one that cannot be taken, which is asked for again. */
  get<T>(question: Question, accept: (answer: string) => T): Promise<T>;
  /** Asks what no flag answers; `usual` where nobody is asked. */
  isYes(words: string, usual: boolean): Promise<boolean>;
  /** Whether anybody is asked. */
  isAsked: boolean;
}

/** As often somebody is asked the same. */
const TRIES_MAX = 5;
/** A word that takes back what is usual. */
const NOTHING = 'none';

/** `tell` says what is wrong with an answer. */
export function createAnswers(
  { flags }: Pick<Given, 'flags'>,
  prompt: Prompt | undefined,
  tell: (words: string) => void,
): Answers {
  async function typed(words: string, isSecret = false): Promise<string> {
    const answer = await prompt!.ask(words, { isSecret });
    if (answer === undefined) throw new BotError('stopped', 'It was stopped.', 'Nothing was written.');
    return answer;
  }

  return {
    isAsked: prompt !== undefined,
    async get({ flag, words, usual, isSecret = false }, accept) {
      const given = flags[flag];
      if (typeof given === 'string') return accept(given.trim());
      if (!prompt) return accept(usual);
      const shown = isSecret && usual !== '' ? 'Enter keeps the one that is set' : usual || NOTHING;
      for (let tries = 1; ; tries += 1)
        try {
          return accept((await typed(`${words} [${shown}]:`, isSecret)) || usual);
        } catch (error) {
          if (!(error instanceof BotError) || error.code === 'stopped' || tries === TRIES_MAX) throw error;
          tell(`${error.message} ${error.hint ?? ''}`);
        }
    },
    async isYes(words, usual) {
      if (!prompt) return usual;
      const answer = await typed(`${words} ${usual ? '[Y/n]' : '[y/N]'}`);
      return answer === '' ? usual : /^y(es)?$/i.test(answer);
    },
  };
}
