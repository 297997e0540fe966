import type { Reply } from '../src/core/adapter.ts';
import { type Message, textMessage } from '../src/core/message.ts';
import { answer, type House, png } from './contract/adapter-harness.ts';
import { eventually } from './helpers.ts';

/** A card with a button that does something at once, and one that opens a form first. */
export const CARD: Message = {
  blocks: [
    { kind: 'text', text: 'a card' },
    {
      kind: 'buttons',
      buttons: [
        { label: 'Do it', command: 'tell', options: { text: 'x' } },
        { label: 'Ask', command: 'tell', options: {}, form: true },
      ],
    },
  ],
};

/** More than any platform takes in one message. */
export const LONG: Message = { blocks: [{ kind: 'code', text: 'line\n'.repeat(20_000) }] };

export const QUEUED = 'queued job-0000007';

/** The answers to a launch, one after the other. */
export const launched = (visibility: Reply['visibility']): Reply[] => [
  answer(textMessage('launching'), visibility, false),
  answer(textMessage('starting'), visibility, false),
  answer(textMessage(QUEUED), visibility),
];

export const REFUSED: Reply = {
  ...answer(textMessage('no such job'), 'private'),
  ok: false,
  errorCode: 'bad',
};

export const FOR_YOU = answer(textMessage('for you'), 'private');

/** Platform faults that pass. */
export const PASSING: [string, { status: number; retryAfterSeconds?: number }][] = [
  ['fails', { status: 503 }],
  ['is limited', { status: 429, retryAfterSeconds: 1 }],
];

/** How the next thing that somebody asks of a house is answered, and when all of that has been given. */
export function createAnswering(house: House) {
  let isGiven = false;
  return {
    /** With these at once; or one after the other, with something `between` the first and the rest. */
    answers(replies: readonly Reply[], between?: () => void): void {
      isGiven = false;
      house.answers.push(async (_asked, reply) => {
        const [first, ...rest] = replies;
        const given = [reply(first!)];
        if (between) await given[0];
        between?.();
        given.push(...rest.map((each) => reply(each)));
        await Promise.all(given);
        isGiven = true;
      });
    },
    isAnswered: () => eventually('it is answered', () => isGiven, 30_000),
    withFile: async (): Promise<Message> => ({
      blocks: [
        { kind: 'text', text: 'the log' },
        { kind: 'file', file: await house.save(Buffer.from('a,b'), 'csv'), name: 'log.csv', bytes: 3 },
      ],
    }),
    withChart: async (): Promise<Message> => ({
      blocks: [
        { kind: 'text', text: 'the run' },
        { kind: 'image', image: await house.save(png(1), 'png'), alt: 'loss falls', width: 1, height: 1 },
      ],
    }),
  };
}
