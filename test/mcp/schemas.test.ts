import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { callOf } from '../../adapters/mcp/arguments.ts';
import { partNamed, toolOf } from '../../adapters/mcp/tool.ts';
import { COMMANDS } from '../../commands/index.ts';
import { offeredWith } from '../../src/cli/agent-settings.ts';
import { partsOf } from '../../src/core/command-parts.ts';
import { RESERVED_COMMANDS } from '../../src/core/person.ts';
import type { Preset, PresetOption } from '../../src/core/preset.ts';
import { QUEUE_CAPABILITIES } from '../../src/core/queue.ts';

type Node = Record<string, unknown> & {
  type: string;
  properties?: Record<string, Node>;
  items?: Node;
  enum?: unknown[];
};

const option = (more: Partial<PresetOption>): PresetOption => ({ type: 'text', description: '', ...more });
const preset = (name: string, options: Preset['options'], allowExtra: string[] = []): Preset => ({
  name,
  description: '',
  cwd: '/',
  argv: ['python'],
  options,
  allowExtra,
});
const TOY = preset('toy', {
  learning_rate: option({ type: 'number', min: 0, max: 1, default: '0.01' }),
  optimizer: option({ type: 'choice', choices: ['adam', 'sgd'] }),
});
const ODD = preset(
  'odd',
  {
    learning_rate: option({ description: 'as a schedule' }),
    'optimizer.beta': option({ type: 'number', description: 'momentum', default: '0.9' }),
    'use-ema': option({ type: 'boolean' }),
    ['k'.repeat(65)]: option({}),
    empty: option({ type: 'choice', choices: [] }),
    blank: option({ type: 'choice', choices: ['', 'x'] }),
    __proto__x: option({ type: 'integer' }),
  },
  ['*'],
);
const PRESETS: [string, Preset[]][] = [
  ['none', []],
  ['one', [TOY]],
  ['one without options', [preset('bare', {})]],
  ['one that takes anything', [preset('open', {}, ['*'])]],
  ['odd ones', [TOY, ODD]],
];
const QUEUES = ['one', 'two'].map((name) => ({ name, capabilities: QUEUE_CAPABILITIES }));
const parts = (queues: typeof QUEUES) => {
  const { commands, isOffered } = offeredWith({ queues, presets: [], mayPropose: RESERVED_COMMANDS });
  return commands.filter(isOffered).flatMap(partsOf);
};
const toolsWith = (presets: Preset[], queues = QUEUES): Tool[] =>
  parts(queues).map((part) => toolOf(part, presets));
const settingsOf = (name: string, presets: Preset[]) =>
  toolsWith(presets).find((tool) => tool.name === name)!.inputSchema.properties as Record<string, Node>;

function nodes(schema: Node): Node[] {
  return [
    schema,
    ...Object.values(schema.properties ?? {}).flatMap(nodes),
    ...(schema.items ? nodes(schema.items) : []),
  ];
}
const schemas = (tools: Tool[]) =>
  tools.map(({ name, inputSchema }) => ({ name, all: nodes(inputSchema as Node) }));

describe.each(PRESETS)('the tools with presets: %s', (_name, presets) => {
  const tools = toolsWith(presets);

  it('have only what a function of the Gemini API may declare', () => {
    // Gemini API, Schema: other fields are refused, by google-genai's types too; an empty object or choice by the service.
    const known = ['type', 'description', 'enum', 'items', 'properties', 'required'];
    for (const { name, all } of schemas(tools))
      for (const node of all) {
        expect([name, Object.keys(node).filter((key) => !known.includes(key))]).toEqual([name, []]);
        if (node.enum)
          expect([name, node.type, node.enum.length > 0, node.enum]).toEqual([
            name,
            'string',
            true,
            node.enum.filter((each) => typeof each === 'string' && each !== ''),
          ]);
        if (node.type === 'array') expect([name, typeof node.items?.type]).toEqual([name, 'string']);
        for (const key of Object.keys(node.properties ?? {}))
          expect(key).toMatch(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/);
      }
  });

  it('stay what they are in the strict mode of the OpenAI API', () => {
    // Structured outputs: no bare maps, every level's properties declared, at most 5 levels, 1,000 choices.
    const depth = (node: Node): number =>
      1 + Math.max(0, ...Object.values(node.properties ?? {}).map(depth), node.items ? depth(node.items) : 0);
    for (const { inputSchema, name, description } of tools) {
      expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(description!.length).toBeLessThanOrEqual(1024);
      expect(depth(inputSchema as Node)).toBeLessThanOrEqual(5);
    }
    for (const { name, all } of schemas(tools))
      for (const node of all.slice(1))
        if (node.type === 'object')
          expect([name, Object.keys(node.properties ?? {}).length > 0]).toEqual([name, true]);
  });

  it('have one type a value, and require only what they declare, as the Anthropic API asks', () => {
    for (const { inputSchema, name } of tools) {
      expect(inputSchema.type).toBe('object');
      for (const node of nodes(inputSchema as Node)) {
        expect([
          name,
          ['string', 'integer', 'number', 'boolean', 'array', 'object'].includes(node.type),
        ]).toEqual([name, true]);
        const required = (node.required as string[] | undefined) ?? [];
        expect(required.filter((key) => !Object.hasOwn(node.properties ?? {}, key))).toEqual([]);
      }
    }
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
  });
});

describe('the settings of a run', () => {
  it('are properties, with what each preset says of them', () => {
    const { settings, more_settings } = settingsOf('queue', [TOY, ODD]);
    expect(Object.keys(settings!.properties!)).toEqual([
      'learning_rate',
      'optimizer',
      'empty',
      'blank',
      '__proto__x',
    ]);
    expect(settings!.properties!.learning_rate).toEqual({
      type: 'string',
      description: 'for toy: (0 to 1, default 0.01); for odd: as a schedule',
    });
    expect(settings!.properties!.empty).toEqual({ type: 'string' });
    expect(settings!.properties!.blank!.enum).toBeUndefined();
    expect(more_settings!.description).toMatch(
      /"key=value": optimizer\.beta momentum \(default 0\.9\); use-ema; k{65}; any key$/,
    );
  });

  it('are named in words too, with all choices: some clients hand on neither properties nor choices', () => {
    for (const name of ['queue', 'plan', 'retry', 'sweep'])
      expect(settingsOf(name, [TOY]).settings!.description).toMatch(/: learning_rate, optimizer$/);
    for (const { name, description, inputSchema } of toolsWith([TOY]))
      for (const node of nodes(inputSchema as Node).filter((each) => each.enum))
        for (const choice of node.enum!)
          expect([name, `${description} ${node.description}`]).toEqual([
            name,
            expect.stringContaining(`${choice}`),
          ]);
    const many = preset(
      'many',
      Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`option_${n}`, option({})])),
    );
    expect((settingsOf('queue', [many]).settings!.description as string).length).toBeLessThanOrEqual(200);
  });

  it('are texts where each is several values, and a list where nothing is declared', () => {
    expect(settingsOf('sweep', [TOY]).settings!.properties).toEqual({
      learning_rate: { type: 'string', description: '(0 to 1, default 0.01)' },
      optimizer: { type: 'string', description: '(adam or sgd)' },
    });
    expect(settingsOf('queue', []).settings).toMatchObject({ type: 'array', items: { type: 'string' } });
  });

  it('arrive the same by name, as a list and as a text', () => {
    const part = partNamed('queue', COMMANDS)!;
    const given = (args: object) => callOf(part, { preset: 'toy', ...args });
    const expected = {
      options: { preset: 'toy' },
      assignments: { learning_rate: '0.003', 'optimizer.beta': 'a=b' },
    };
    for (const args of [
      { settings: { learning_rate: 0.003, 'optimizer.beta': 'a=b', optimizer: null }, name: null },
      { settings: ['learning_rate=0.003', 'optimizer.beta=a=b'] },
      { settings: { learning_rate: 0.003 }, more_settings: ['optimizer.beta=a=b'] },
      // As models send it that were not told the properties.
      { settings: '{"learning_rate": 0.003, "optimizer.beta": "a=b", "optimizer": null}' },
      { settings: ' ["learning_rate=0.003", "optimizer.beta=a=b"]' },
    ])
      expect(given(args)).toMatchObject(expected);
    expect(given({ settings: 'learning_rate=0.003' }).options).toEqual({
      preset: 'toy',
      settings: 'learning_rate=0.003',
    });
    for (const args of [
      { settings: ['learning_rate'] },
      { settings: [3] },
      { settings: 7 },
      { settings: '{"a": {}}' },
      { settings: { a: {} } },
    ])
      expect(() => given(args)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });
});

it('what means the channel that one asks in is no argument: an agent has none', () => {
  const change = toolsWith([TOY]).find(({ name }) => name === 'session_change')!;
  expect(Object.keys(change.inputSchema.properties!)).toContain('until');
  const ofChannel = COMMANDS.flatMap(({ options }) =>
    Object.entries(options).flatMap(([name, spec]) => (spec.ofChannel ? [name] : [])),
  );
  expect(ofChannel).toEqual(['here']);
  for (const { name, inputSchema } of toolsWith([TOY]))
    expect([name, ofChannel.filter((each) => Object.hasOwn(inputSchema.properties!, each))]).toEqual([
      name,
      [],
    ]);
});

describe('the hints of the tools', () => {
  const tools = new Map(toolsWith([TOY]).map((tool) => [tool.name, tool]));
  const hints = (name: string) => tools.get(name)!.annotations!;

  it('say of each whether it reads, takes something away, and may be repeated', () => {
    for (const part of parts(QUEUES)) {
      const { annotations, title } = tools.get(part.name)!;
      expect([part.name, annotations]).toEqual([
        part.name,
        {
          readOnlyHint: !part.changes,
          destructiveHint: part.name === 'withdraw',
          ...(part.changes ? { idempotentHint: part.repeatable === true } : {}),
          openWorldHint: false,
        },
      ]);
      expect(title).toMatch(/^[A-Z]/);
    }
    expect(hints('queue')).toMatchObject({ readOnlyHint: false, idempotentHint: false });
    expect(hints('cancel')).toMatchObject({ readOnlyHint: false, idempotentHint: true });
  });

  it('are true of commands that read and change: each is offered apart, and what reads takes no other action', () => {
    for (const command of COMMANDS.filter(({ actions }) => actions)) {
      const actions = Object.entries(command.actions!);
      const covered = partsOf(command).flatMap(({ fixed, options, changes, name }) => {
        const choice =
          options.action?.type === 'choice' ? options.action.choices : [fixed.action ?? name.split('_')[1]!];
        return choice.map((action) => [action, changes]);
      });
      expect(Object.fromEntries(covered)).toEqual(
        Object.fromEntries(actions.map(([name, { changes }]) => [name, changes])),
      );
      for (const [, { takes, requires = [] }] of actions)
        expect([...takes, ...requires].filter((name) => !Object.hasOwn(command.options, name))).toEqual([]);
    }
    const read = partNamed('experiment_read', COMMANDS)!;
    expect(() => callOf(read, { action: 'edit', experiment: 'x' })).toThrow(/accepted: one of list, show/);
    expect(() => callOf(read, { note: 'x' })).toThrow(/no option note/);
    expect(callOf(partNamed('hypothesis_add', COMMANDS)!, { text: 'x' })).toMatchObject({
      options: { action: 'add', text: 'x' },
    });
    expect(callOf(partNamed('experiment', COMMANDS)!, { action: 'edit', note: 'x' }).options).toEqual({
      action: 'edit',
      note: 'x',
    });
  });

  it('cost no more than so many characters in all', () => {
    const [one] = QUEUES;
    const listed = parts([one!])
      .filter(({ command }) => !(RESERVED_COMMANDS as readonly string[]).includes(command))
      .map((part) => toolOf(part, [TOY]));
    expect(JSON.stringify(listed).length).toBeLessThan(27_000);
  });
});
