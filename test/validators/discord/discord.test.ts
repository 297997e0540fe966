import { describe, expect, it } from 'vitest';
import { requestProblems } from './requests.ts';

type Json = Record<string, unknown>;

const x = (length: number) => 'x'.repeat(length);
const many = <T>(length: number, make: (index: number) => T) =>
  Array.from({ length }, (_, index) => make(index));

/** A payload that is taken, one that is not, and where its first problem is. */
type Rule = [what: string, good: Json, broken: Json, where: string];

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

const labelled = (component: object, more: object = {}) => ({ type: 18, label: 'Name', component, ...more });
const typed = (more: object = {}) => ({ type: 4, custom_id: 'n', style: 1, ...more });
const modal = (components: object[], more: object = {}) => ({
  type: 9,
  data: { custom_id: 'form', title: 'Form', components, ...more },
});
const MODALS: Rule[] = [
  [
    'a title of 45',
    modal([labelled(typed())], { title: x(45) }),
    modal([labelled(typed())], { title: x(46) }),
    'data.title',
  ],
  [
    'five inputs',
    modal(many(5, (index) => labelled(typed({ custom_id: `n${index}` })))),
    modal(many(6, (index) => labelled(typed({ custom_id: `n${index}` })))),
    'data.components',
  ],
  [
    'a label of 45',
    modal([labelled(typed(), { label: x(45) })]),
    modal([labelled(typed(), { label: x(46) })]),
    'data.components.0.label',
  ],
  [
    'a description of 100',
    modal([labelled(typed(), { description: x(100) })]),
    modal([labelled(typed(), { description: x(101) })]),
    'data.components.0.description',
  ],
  [
    'a value within its length',
    modal([labelled(typed({ value: x(4000) }))]),
    modal([labelled(typed({ value: x(4001) }))]),
    'data.components.0.component.value',
  ],
  [
    'a placeholder of 100',
    modal([labelled(typed({ placeholder: x(100) }))]),
    modal([labelled(typed({ placeholder: x(101) }))]),
    'data.components.0.component.placeholder',
  ],
  [
    'an answer where one is required',
    modal([labelled(choose(2, { min_values: 0, required: false }))]),
    modal([labelled(choose(2, { min_values: 0 }))]),
    'data.components.0.component',
  ],
  [
    'no disabled input',
    modal([labelled(choose(2))]),
    modal([labelled(choose(2, { disabled: true }))]),
    'data.components.0.component',
  ],
  ['no buttons', modal([labelled(typed())]), modal([row(press())]), 'data.components.0.type'],
  [
    'one custom_id each',
    modal([labelled(typed()), labelled(typed({ custom_id: 'm' }))]),
    modal([labelled(typed()), labelled(typed())]),
    'data.(whole)',
  ],
  [
    '25 choices',
    { type: 8, data: { choices: many(25, () => ({ name: 'x', value: 'x' })) } },
    { type: 8, data: { choices: many(26, () => ({ name: 'x', value: 'x' })) } },
    'data.choices',
  ],
  [
    'a choice of 100',
    { type: 8, data: { choices: [{ name: x(100), value: 'x' }] } },
    { type: 8, data: { choices: [{ name: 'x', value: x(101) }] } },
    'data.choices.0.value',
  ],
  ['a private deferral', { type: 5, data: { flags: 64 } }, { type: 5, data: { flags: V2 } }, 'data.flags'],
  ['a known kind', { type: 6 }, { type: 3 }, 'type'],
];

const slash = (...list: object[]) => ({ type: 1, name: 'xax', description: 'x', options: list });
const sub = (name: string, ...list: object[]) => ({ type: 1, name, description: 'x', options: list });
const option = (name: string, more: object = {}) => ({ type: 3, name, description: 'x', ...more });
const COMMANDS: Rule[] = [
  ['a name of 32', slash(sub(x(32))), slash(sub(x(33))), '0.options.0.name'],
  ['small letters', slash(sub('a')), slash(sub('A')), '0.options.0.name'],
  [
    'a description of 100',
    slash(sub('a', option('b', { description: x(100) }))),
    slash(sub('a', option('b', { description: x(101) }))),
    '0.options.0.options.0.description',
  ],
  [
    '25 subcommands',
    slash(...many(25, (index) => sub(`a${index}`))),
    slash(...many(26, (index) => sub(`a${index}`))),
    '0.options',
  ],
  [
    '25 options',
    slash(sub('a', ...many(25, (index) => option(`b${index}`)))),
    slash(sub('a', ...many(26, (index) => option(`b${index}`)))),
    '0.options.0.options',
  ],
  [
    '25 choices',
    slash(sub('a', option('b', { choices: many(25, () => ({ name: 'x', value: 'x' })) }))),
    slash(sub('a', option('b', { choices: many(26, () => ({ name: 'x', value: 'x' })) }))),
    '0.options.0.options.0.choices',
  ],
  [
    'choices or completion',
    slash(sub('a', option('b', { autocomplete: true }))),
    slash(sub('a', option('b', { autocomplete: true, choices: [{ name: 'x', value: 'x' }] }))),
    '0.options.0.options.0',
  ],
  [
    'what is required first',
    slash(sub('a', option('b', { required: true }), option('c'))),
    slash(sub('a', option('b'), option('c', { required: true }))),
    '0.options.0.options',
  ],
  ['one name each', slash(sub('a'), sub('b')), slash(sub('a'), sub('a')), '0.options'],
  [
    '8000 characters',
    slash(
      ...many(20, (index) => sub(`a${index}`, ...many(3, (at) => option(`b${at}`, { description: x(99) })))),
    ),
    slash(
      ...many(25, (index) => sub(`a${index}`, ...many(4, (at) => option(`b${at}`, { description: x(99) })))),
    ),
    '0',
  ],
  [
    'no description of a menu',
    { type: 3, name: 'Save as note' },
    { type: 3, name: 'Save as note', description: 'x' },
    '0',
  ],
];

const starts = (where: string) => new RegExp(`^${where.replaceAll(/[.()]/g, '\\$&')}: `);

describe("Discord's validator", () => {
  it.each(MESSAGES)('a message: %s', (_what, good, broken, where) => {
    const send = (body: Json, name = uploadOf(body)) =>
      requestProblems('POST', '/channels/1/messages', body, around(name));
    expect(send(good).filter((problem) => !problem.includes('old2.png is attached and not shown'))).toEqual(
      [],
    );
    expect(send(broken)[0]).toMatch(starts(where));
  });

  it.each(MODALS)('an answer: %s', (_what, good, broken, where) => {
    const answer = (body: Json) =>
      requestProblems('POST', '/interactions/1/token/callback', body, around(undefined));
    expect(answer(good)).toEqual([]);
    expect(answer(broken)[0]).toMatch(starts(where));
  });

  it.each(COMMANDS)('a declaration: %s', (_what, good, broken, where) => {
    const declare = (body: Json) =>
      requestProblems('PUT', '/applications/1/commands', { list: [body] }, around(undefined));
    expect(declare(good)).toEqual([]);
    expect(declare(broken)[0]).toMatch(starts(where));
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
