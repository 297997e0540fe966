import { describe, expect, it } from 'vitest';
import { at, type Json, many, type Rule, x } from '../rule.ts';
import { requestProblems } from './requests.ts';

const V2 = 1 << 15;
const display = (content = 'x') => ({ type: 10, content });
const message = (components: object[], more: object = {}) => ({
  flags: V2,
  allowed_mentions: { parse: [] },
  components,
  ...more,
});
const row = (...components: object[]) => ({ type: 1, components });
const press = (index = 0, more: object = {}) => ({
  type: 2,
  style: 2,
  label: 'Go',
  custom_id: `b${index}`,
  ...more,
});
const choose = (count: number, more: object = {}) => ({
  type: 3,
  custom_id: 's',
  options: many(count, (index) => ({ label: 'x', value: `v${index}` })),
  ...more,
});
const gallery = (name: string) => ({ type: 12, items: [{ media: { url: `attachment://${name}` } }] });
const MESSAGES: Rule[] = [
  ['no unknown field', message([display()]), message([display()], { color: 1 }), '(whole)'],
  [
    'no unknown field of a component',
    message([display()]),
    message([{ ...display(), color: 1 }]),
    'components.0',
  ],
  ['a known component', message([display()]), message([{ type: 99 }]), 'components.0.type'],
  ['who may be told', message([display()]), { flags: V2, components: [display()] }, 'allowed_mentions'],
  [
    'parsed or listed',
    message([display()], { allowed_mentions: { parse: ['users'] } }),
    message([display()], { allowed_mentions: { parse: ['users'], users: ['1'] } }),
    'allowed_mentions',
  ],
  [
    'ids of whom to tell',
    message([display()], { allowed_mentions: { parse: [], users: ['1'] } }),
    message([display()], { allowed_mentions: { parse: [], users: ['ada'] } }),
    'allowed_mentions.users.0',
  ],
  ['flags that may be set', message([display()]), message([display()], { flags: V2 | 64 }), 'flags'],
  ['no content beside components', message([display()]), message([display()], { content: 'x' }), 'content'],
  [
    '40 components',
    message([{ type: 17, components: many(39, () => display()) }]),
    message([{ type: 17, components: many(40, () => display()) }]),
    'components',
  ],
  [
    '4000 characters',
    message([display(x(2000)), display(x(2000))]),
    message([display(x(2000)), display(x(2001))]),
    'components',
  ],
  ['text that shows', message([display()]), message([display(' ')]), 'components.0.content'],
  [
    'one custom_id each',
    message([row(press(0), press(1))]),
    message([row(press(0), press(0))]),
    'components',
  ],
  [
    'one number each',
    message([{ ...display(), id: 1 }]),
    message([
      { ...display(), id: 1 },
      { ...display(), id: 1 },
    ]),
    'components',
  ],
  [
    'a custom_id of 100',
    message([row(press(0, { custom_id: x(100) }))]),
    message([row(press(0, { custom_id: x(101) }))]),
    'components.0.components.0.custom_id',
  ],
  [
    'a label of 80',
    message([row(press(0, { label: x(80) }))]),
    message([row(press(0, { label: x(81) }))]),
    'components.0.components.0.label',
  ],
  [
    'a label or an emoji',
    message([row(press(0))]),
    message([row(press(0, { label: undefined }))]),
    'components.0.components.0',
  ],
  [
    'five buttons',
    message([row(...many(5, (index) => press(index)))]),
    message([row(...many(6, (index) => press(index)))]),
    'components.0.components',
  ],
  ['a select alone', message([row(choose(25))]), message([row(choose(25), press())]), 'components.0'],
  ['25 options', message([row(choose(25))]), message([row(choose(26))]), 'components.0.components.0.options'],
  [
    'a colour',
    message([{ type: 17, accent_color: 0xffffff, components: [display()] }]),
    message([{ type: 17, accent_color: 0x1000000, components: [display()] }]),
    'components.0.accent_color',
  ],
  [
    'no container in one',
    message([{ type: 17, components: [display()] }]),
    message([{ type: 17, components: [{ type: 17, components: [display()] }] }]),
    'components.0.components.0.type',
  ],
  [
    'three texts of a section',
    message([{ type: 9, components: many(3, () => display()), accessory: press() }]),
    message([{ type: 9, components: many(4, () => display()), accessory: press() }]),
    'components.0.components',
  ],
  ['a nonce of 25', message([display()], { nonce: x(25) }), message([display()], { nonce: x(26) }), 'nonce'],
  [
    'what is shown is attached',
    message([gallery('a.png')], { attachments: [{ id: '0', filename: 'a.png' }] }),
    message([gallery('a.png')], { attachments: [] }),
    '(whole)',
  ],
  [
    'what is attached is shown',
    message([gallery('a.png')], { attachments: [{ id: '0', filename: 'a.png' }] }),
    message([display()], { attachments: [{ id: '0', filename: 'a.png' }] }),
    '(whole)',
  ],
  [
    'what is kept is known',
    message([gallery('old.png')], { attachments: [{ id: '77' }] }),
    message([gallery('old.png')], { attachments: [{ id: '78' }] }),
    '(whole)',
  ],
  [
    'text of 2000 in an old message',
    { content: x(2000), allowed_mentions: { parse: [] } },
    { content: x(2001), allowed_mentions: { parse: [] } },
    'content',
  ],
];

/** What a request is sent with: the file that it lists, if any, and one that Discord has. */
const around = (name: string | undefined) => ({
  uploads: new Map(name === undefined ? [] : [['0', name]]),
  kept: new Map([['77', 'old.png']]),
});
const uploadOf = ({ attachments = [] }: Json) =>
  (attachments as { filename?: string }[]).find(({ filename }) => filename !== undefined)?.filename;

describe("Discord's validator of messages", () => {
  it.each(MESSAGES)('a message: %s', (_what, good, broken, where) => {
    const send = (body: Json, name = uploadOf(body)) =>
      requestProblems('POST', '/channels/1/messages', body, around(name));
    expect(send(good).filter((problem) => !problem.includes('old2.png is attached and not shown'))).toEqual(
      [],
    );
    expect(send(broken)[0]).toMatch(at(where));
  });

  it('knows no other request, and looks at threads, at what is edited and at what follows an interaction', () => {
    const problems = (method: string, path: string, body: Json) =>
      requestProblems(method, path, body, around(undefined));
    expect(problems('POST', '/guilds/1/channels', {})).toHaveLength(1);
    expect(
      problems('POST', '/channels/1/messages/2/threads', { name: x(100), auto_archive_duration: 60 }),
    ).toEqual([]);
    expect(problems('POST', '/channels/1/messages/2/threads', { name: x(101) })).toHaveLength(1);
    expect(
      problems('POST', '/channels/1/messages/2/threads', { name: 'x', auto_archive_duration: 61 }),
    ).toHaveLength(1);
    for (const [method, path] of [
      ['PATCH', '/channels/1/messages/2'],
      ['POST', '/webhooks/1/token'],
      ['PATCH', '/webhooks/1/token/messages/@original'],
    ] as const) {
      expect(problems(method, path, message([display()]))).toEqual([]);
      expect(problems(method, path, message([display()], { embed: {} }))).toHaveLength(1);
    }
    expect(problems('POST', '/webhooks/1/token', message([display()], { flags: V2 | 64 }))).toEqual([]);
  });
});
