import { describe, expect, it } from 'vitest';
import { formOf as discordForm } from '../../adapters/discord/forms.ts';
import { render as renderForDiscord } from '../../adapters/discord/render.ts';
import { formView } from '../../adapters/slack/modal.ts';
import { render as renderForSlack } from '../../adapters/slack/render.ts';
import { COMMANDS } from '../../commands/index.ts';
import { NOW, samples } from '../../gallery/samples.ts';
import { formOf } from '../../src/core/form.ts';
import type { Block, Inline, Message, Text, Tone } from '../../src/core/message.ts';
import { HOSTILE } from '../hostile.ts';
import { pick, type Random, random } from '../hostile-texts.ts';
import { requestProblems } from './discord/requests.ts';
import { sentProblems } from './discord/sent.ts';
import { callProblems } from './slack/methods.ts';

/** Ids of buttons, which the bot keeps in its database. */
const actions = { idOf: () => 'k3x9', byId: () => undefined };
/** Where it runs, an option that names a queue has the queues to choose from. */
const withQueues = <T extends { options: object }>(command: T): T => ({
  ...command,
  options: Object.fromEntries(
    Object.entries(command.options).map(([name, spec]) => [
      name,
      'ofQueues' in spec ? { ...spec, choices: ['gpu-01', 'gpu-02'] } : spec,
    ]),
  ),
});
const FORMS = COMMANDS.map(withQueues).filter(({ options }) => Object.keys(options).length > 0);
const CHART = {
  live: { file: 'chart.json' },
  image: { file: 'chart.png' },
  alt: 'value/loss falls from 4.6 to 2.6',
  width: 640,
  height: 320,
};

function slackProblems(message: Message): string[] {
  const context = { accountOf: () => 'U0ADA', actions, imageId: () => 'F0CHART', timezone: 'UTC', now: NOW };
  const { text, blocks } = renderForSlack(message, { ...context, surface: 'message' });
  const home = renderForSlack(message, { ...context, surface: 'home' });
  return [
    ...callProblems('chat.postMessage', { channel: 'C0QUEUE', text, blocks }),
    ...callProblems('chat.update', { channel: 'C0QUEUE', ts: '1.2', text, blocks }),
    ...callProblems('views.publish', { user_id: 'U0ADA', view: { type: 'home', blocks: home.blocks } }),
  ];
}

function discordProblems(message: Message): string[] {
  return sentProblems(
    renderForDiscord(message, {
      accountOf: () => '123456789012345678',
      actions,
      timezone: 'UTC',
      now: NOW,
      discussion: '111111111111111111',
    }),
  );
}

describe('what is rendered is what each platform takes', () => {
  it.each(samples(CHART).map(({ group, name, message }) => [group, name, message] as const))(
    '%s: %s',
    (_group, _name, message) => {
      expect(slackProblems(message)).toEqual([]);
      expect(discordProblems(message)).toEqual([]);
    },
  );

  it.each(FORMS.map((command) => [command.name, command] as const))("%s's form", (_name, command) => {
    const declared = command as unknown as Parameters<typeof formOf>[0];
    for (const given of [
      {},
      Object.fromEntries(Object.keys(command.options).map((option) => [option, HOSTILE.join(' ')])),
    ]) {
      const form = formOf(declared, given);
      const view = formView(form, { channel: 'C0QUEUE' });
      expect(callProblems('views.open', { trigger_id: '1', view })).toEqual([]);
      const around = { uploads: new Map(), kept: new Map() };
      const data = discordForm(form, { actions, opening: '1476813944239030277' });
      expect(requestProblems('POST', '/interactions/1/token/callback', { type: 9, data }, around)).toEqual(
        [],
      );
    }
  });

  it.each(['*', '@', '\n1. ', 'a'])('a form whose words and settled values are all "%s"', (sign) => {
    const text = sign.repeat(5_000);
    const modal = {
      ...formOf(FORMS[0]! as never, {}),
      title: text,
      description: text,
      about: Array.from({ length: 12 }, () => ({ label: 'Name', text })),
    };
    const data = discordForm(modal, { actions, opening: '1476813944239030277' });
    const around = { uploads: new Map(), kept: new Map() };
    expect(requestProblems('POST', '/interactions/1/token/callback', { type: 9, data }, around)).toEqual([]);
    const view = formView(modal, { channel: 'C0QUEUE' });
    expect(callProblems('views.open', { trigger_id: '1', view })).toEqual([]);
  });

  it('holds for a hundred messages of anything', () => {
    const next = random(20261123);
    const found = new Map<string, string>();
    for (let index = 0; index < 120; index += 1) {
      const message = anything(next);
      for (const problem of [...slackProblems(message), ...discordProblems(message)])
        found.set(
          problem.replaceAll(/\.?\d+\b/g, ''),
          `message ${index}: ${JSON.stringify(message).slice(0, 1_000)}`,
        );
    }
    expect([...found]).toEqual([]);
  });
});

const ODD = [
  '',
  ' ',
  '\n',
  'é',
  '👩‍🔬',
  '日本語の表',
  '\u0000',
  '`',
  '```',
  '|',
  '<',
  '&',
  '\t',
  '@',
  '\ud800',
  '- ',
  '1. ',
];
const LENGTHS = [0, 1, 5, 40, 300, 3_000, 9_000, 40_000];
const TONES: (Tone | undefined)[] = [undefined, 'neutral', 'active', 'good', 'warning', 'bad'];

function list<T>(next: Random, most: number, make: () => T): T[] {
  return Array.from({ length: next(most + 1) }, make);
}

/** Words of a length: mostly few, sometimes far too many. */
function wordsOf(next: Random, most = LENGTHS.length): string {
  const length = LENGTHS[Math.min(next(most), next(most))]!;
  let text = '';
  while (text.length < length) text += pick(next, [...HOSTILE, ...ODD, 'loss ', '12.5']);
  return text.slice(0, length);
}

function textOf(next: Random, most?: number): Text {
  const piece = (): Inline =>
    pick<() => Inline>(next, [
      () => wordsOf(next, most),
      () => ({ bold: wordsOf(next, most) }),
      () => ({ code: wordsOf(next, most) }),
      () => ({
        link: pick(next, ['https://a.example/b(c)', 'http://a.example/a b', 'javascript:alert(1)', '']),
        label: wordsOf(next, 4),
      }),
      () => ({ mention: 'ada', name: 'Ada' }),
      () => ({ time: NOW - next(10_000_000), style: pick(next, ['relative', 'clock', 'datetime'] as const) }),
    ])();
  return next(2) === 0 ? wordsOf(next, most) : list(next, 4, piece);
}

function anything(next: Random): Message {
  const block = (): Block =>
    pick<() => Block>(next, [
      () => ({ kind: 'heading', text: textOf(next) }),
      () => ({ kind: 'text', text: textOf(next) }),
      () => ({
        kind: 'fields',
        fields: list(next, 30, () => ({ name: wordsOf(next, 4), value: textOf(next) })),
      }),
      () => ({ kind: 'progress', label: textOf(next), fraction: pick(next, [null, 0, 0.5, 1, 7]) }),
      () => {
        const columns = 1 + next(25);
        const cells = next(12) === 0 ? 5 : 3;
        return {
          kind: 'table',
          columns: Array.from({ length: columns }, () => wordsOf(next, 4)),
          rows: list(next, pick(next, [3, 8, 120]), () =>
            Array.from({ length: columns }, () => textOf(next, cells)),
          ),
        };
      },
      () => ({ kind: 'code', text: wordsOf(next) }),
      () => ({ kind: 'image', ...CHART, image: { file: `${next(1_000_000)}.png` }, alt: wordsOf(next) }),
      () => ({
        kind: 'file',
        file: { file: 'x' },
        name: `${next(1_000_000)}${wordsOf(next, 4)}.txt`,
        bytes: 1,
      }),
      () => ({ kind: 'divider' }),
      () => ({
        kind: 'buttons',
        buttons: list(next, 30, () => ({
          label: wordsOf(next, 5) || 'Go',
          command: 'status',
          options: {},
          style: pick(next, ['default', 'primary', 'danger'] as const),
        })),
      }),
    ])();
  const tone = pick(next, TONES);
  return {
    blocks: [{ kind: 'text', text: 'x' }, ...list(next, pick(next, [3, 10, 60]), block)],
    ...(tone ? { tone } : {}),
  };
}
