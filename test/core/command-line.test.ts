import { expect, it } from 'vitest';
import { ADAPTERS } from '../../adapters/registry.ts';
import { COMMANDS } from '../../commands/index.ts';
import { createTyping } from '../../src/core/command-line.ts';
import { forReaders } from '../../src/core/for-readers.ts';

const typing = createTyping(new Map(ADAPTERS.map((kind) => [kind.name, kind])), COMMANDS);

it('a command is called as it is typed at each adapter, also where it does not fit under the first name', () => {
  const names = (adapter: string) => COMMANDS.map(({ name }) => typing.at(adapter)(name));
  expect(new Set(names('slack').map((line) => line.split(' ')[0]))).toEqual(new Set(['/xax']));
  expect(new Set(names('discord').map((line) => line.split(' ')[0]))).toEqual(
    new Set(['/xax', '/xax-more', '/xax-more-2']),
  );
  expect(names('terminal')).toEqual(COMMANDS.map(({ name }) => name));
  expect(typing.at('discord')('status')).toBe('/xax status');
});

it('hints name commands as they are typed, and leave other words in quotes as they are', () => {
  const last = COMMANDS.at(-1)!.name;
  expect(typing.spell('discord', `Start again with "${last} x", or "last"; "nothing of ours" stays.`)).toBe(
    `Start again with "/xax-more-2 ${last} x", or "last"; "nothing of ours" stays.`,
  );
  expect(typing.spell('slack', 'Give it: "queue toy hypothesis="a b"".')).toBe(
    'Give it: "/xax queue toy hypothesis="a b"".',
  );
  expect(typing.spell('terminal', '"session list" shows them.')).toBe('"session list" shows them.');
});

it('messages name them so wherever they stand, and nothing that people wrote becomes one', () => {
  const text = [
    'See ',
    { command: 'help queue' },
    ' or ',
    { code: 'help queue' },
    ' "help"',
    { hint: ': "jobs" lists "theirs"' },
  ];
  const message = forReaders(
    {
      blocks: [
        { kind: 'text', text },
        { kind: 'fields', fields: [{ name: 'a', value: { command: 'jobs' } }] },
        { kind: 'table', columns: ['a'], rows: [[{ command: 'jobs' }]] },
      ],
    },
    typing,
    'slack',
  );
  expect(message.blocks).toEqual([
    {
      kind: 'text',
      text: [
        'See ',
        { code: '/xax help queue' },
        ' or ',
        { code: 'help queue' },
        ' "help"',
        ': "/xax jobs" lists "theirs"',
      ],
    },
    { kind: 'fields', fields: [{ name: 'a', value: [{ code: '/xax jobs' }] }] },
    { kind: 'table', columns: ['a'], rows: [[[{ code: '/xax jobs' }]]] },
  ]);
});
