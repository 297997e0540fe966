import { describe, expect, it } from 'vitest';
import { at, type Json, many, type Rule, x } from '../rule.ts';
import { requestProblems } from './requests.ts';

const NONE = { uploads: new Map(), kept: new Map() };
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

describe("Discord's validator of commands", () => {
  it.each(COMMANDS)('a declaration: %s', (_what, good, broken, where) => {
    const declare = (body: Json) =>
      requestProblems('PUT', '/applications/1/commands', { list: [body] }, NONE);
    expect(declare(good)).toEqual([]);
    expect(declare(broken)[0]).toMatch(at(where));
  });
});
