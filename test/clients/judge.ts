import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { expect } from 'vitest';
import type { SeenTool, Turn } from './model/turn.ts';
import { isDecided, ownName, progressOf } from './script.ts';

type Schema = Record<string, unknown>;

/** Tools of the server that the model was not given. */
function missingTools(served: readonly Tool[], { tools }: Turn): string[] {
  const given = new Set(tools.map(({ name }) => ownName(name)));
  return served.map(({ name }) => name).filter((name) => !given.has(name));
}

/** What of the tools' arguments the model was not given: properties, their descriptions, their choices. */
function missingArguments(served: readonly Tool[], { tools }: Turn): string[] {
  const given = new Map(tools.map((tool): [string, SeenTool] => [ownName(tool.name), tool]));
  return served.flatMap(({ name, inputSchema }) => {
    const tool = given.get(name);
    return tool ? missingOf(inputSchema, tool.schema, tool.schema, name) : [];
  });
}

function missingOf(served: Schema, given: Schema, root: Schema, path: string): string[] {
  const there = flattened(given, root);
  const missing: string[] = [];
  if (served.description !== undefined && there.every(({ description }) => !description))
    missing.push(`${path}: its description`);
  const choices = new Set(there.flatMap((each) => (each.enum as unknown[] | undefined) ?? []));
  for (const choice of (served.enum as unknown[] | undefined) ?? [])
    if (!choices.has(choice)) missing.push(`${path}: the choice ${choice}`);
  for (const [name, property] of Object.entries((served.properties as Record<string, Schema>) ?? {})) {
    const found = there
      .map((each) => (each.properties as Record<string, Schema> | undefined)?.[name])
      .find(Boolean);
    if (found) missing.push(...missingOf(property, found, root, `${path}.${name}`));
    else missing.push(`${path}.${name}`);
  }
  return missing;
}

/** A schema and what it refers to, or allows one of. */
function flattened(schema: Schema, root: Schema): Schema[] {
  const { $ref, anyOf, allOf, oneOf } = schema as {
    $ref?: string;
    anyOf?: Schema[];
    allOf?: Schema[];
    oneOf?: Schema[];
  };
  const target = $ref
    ?.replace(/^#\//, '')
    .split('/')
    .reduce<Schema | undefined>((at, key) => at?.[key] as Schema, root);
  const parts = [...(target ? [target] : []), ...(anyOf ?? []), ...(allOf ?? []), ...(oneOf ?? [])];
  return [schema, ...parts.flatMap((each) => flattened(each, root))];
}

/** What is known of a client's run. */
export interface Seen {
  turn: Turn;
  served: readonly Tool[];
  /** The job that runs. */
  running: string;
  /** What the bot says of the run that was proposed. */
  queued: string;
}

export const CHECKS = ['tools', 'arguments', 'words', 'settings', 'waits', 'errors', 'resources'] as const;
export type Check = (typeof CHECKS)[number];

/** What is expected of every client; each throws if it is not so. */
export const EXPECTATIONS: Record<Check, (seen: Seen) => void> = {
  tools: ({ served, turn }) => expect(missingTools(served, turn)).toEqual([]),
  arguments: ({ served, turn }) => expect(missingArguments(served, turn)).toEqual([]),
  words: ({ turn, running }) => expect(progressOf(turn).status).toMatch(new RegExp(`Running ${running}`)),
  settings: ({ queued }) => expect(queued).toMatch(/learning_rate=0\.02 optimizer=sgd/),
  waits: ({ turn }) => expect(progressOf(turn).waits.at(-1)).toSatisfy(isDecided),
  errors({ turn }) {
    const { text, isError } = progressOf(turn).refused!;
    expect(text).toMatch(/no job \\*"4711/);
    expect(isError).not.toBe(false);
  },
  resources: ({ turn: { offered } }) =>
    expect(offered).toEqual({
      resources: expect.arrayContaining(['xaxbot://report', 'xaxbot://experiment-log']),
      report: expect.stringMatching(/^# Experiment Monitor Report/),
      prompts: ['experiment_loop'],
      loop: expect.stringContaining('wait'),
    }),
};
