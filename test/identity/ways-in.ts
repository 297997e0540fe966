import { afterAll, beforeAll } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import type { Invocation, Reply } from '../../src/core/adapter.ts';
import type { Command } from '../../src/core/command.ts';
import { type Job, jobKeyText } from '../../src/core/job.ts';
import { textMessage } from '../../src/core/message.ts';
import type { OptionSpec } from '../../src/core/options.ts';
import { allows, type Person } from '../../src/core/person.ts';
import { eventually } from '../helpers.ts';
import { CLAUDE, type ToyBot, toyBot } from '../toy-bot.ts';
import { levelOf, type Who } from './needs.ts';

/** Each command, doing nothing but what is asked before. */
const INERT = ['approve', 'deny', 'help'];
export const stubbed = COMMANDS.filter(({ name }) => levelOf(name) !== undefined).map((command): Command => {
  if (INERT.includes(command.name)) return command;
  const { confirm, pin, check, useless, standing, succeeded, made, needs, ...declared } = command;
  return {
    ...declared,
    ...(command.name === 'kill' && confirm ? { confirm } : {}),
    run: async () => ({}),
    view: () => textMessage('done'),
  };
});

/** A bot with those commands and a running job, and every way in to it as somebody with this or that role. */
export function waysIn() {
  let world: ToyBot;
  let job: Job;
  let count = 0;
  beforeAll(async () => {
    world = await toyBot({ commands: stubbed });
    job = await world.enqueue(600);
    await eventually('it runs', () => world.queue.snapshot()!.running.includes(job.jobId));
    await world.bot().app.settled();
    // Nothing of this is to outlive the power's going off.
    world.bot().app.parts.db.pragma('synchronous = OFF');
  });
  afterAll(async () => {
    await world.clear();
    await world.stop();
  });

  /** Somebody new of that kind, so that what one may ask for in a minute limits none; the job is theirs or another's. */
  function somebody({ owns, ...who }: Who): Person {
    count += 1;
    const id = `slack:U${count}`;
    world
      .bot()
      .app.parts.db.prepare('UPDATE jobs SET owner_person = ?')
      .run(owns ? id : 'slack:U0OTHER');
    return { id, name: `Somebody ${count}`, ...who };
  }

  function sampleOf(spec: OptionSpec): string {
    switch (spec.type) {
      case 'job':
      case 'jobs':
        return jobKeyText(job);
      case 'choice':
        return spec.choices[0]!;
      case 'preset':
        return 'toy';
      case 'integer':
      case 'number':
        // No proposal has this number.
        return String(Math.min(999, spec.max ?? 999));
      default:
        return 'x';
    }
  }
  function optionsFor({ options, name }: Command): Record<string, string> {
    const required = Object.entries(options).filter(
      ([, spec]) => spec.required === true && spec.type !== 'assignments',
    );
    const all = required.map(([key, spec]): [string, string] => [key, sampleOf(spec)]);
    // Somebody approves, or denies, what there is.
    return { ...Object.fromEntries(all), ...(name === 'queue' ? { preset: 'toy' } : {}) };
  }
  /** Whether they could send the form: some actions of a command need more than it does, but of what is one's own. */
  function mayAct({ actions }: Command, action: string | undefined, person: Person): boolean {
    const role = (action !== undefined && actions?.[action]?.role) || null;
    return allows(person.role, role) || (person.mayRunOwn === true && role === 'agent');
  }
  const lineOf = (command: Command) => [
    command.name,
    ...Object.entries(optionsFor(command)).map(([key, value]) => `${key}=${value}`),
  ];

  const byOptions = (command: Command) => ({
    kind: 'options' as const,
    command: command.name,
    options: optionsFor(command),
  });
  const press = (kind: 'button' | 'form' | 'words') => ({ kind, id: `${kind}-${count}` });
  const gone = new AbortController().signal;
  /** The ways in, as adapters hand them on. */
  const WAYS: Readonly<Record<string, (command: Command) => Omit<Invocation, 'person'>>> = {
    slash: (command) => ({
      adapter: 'slack',
      channel: 'C0LAB',
      input: { kind: 'text', words: lineOf(command).join(' ') },
      press: press('words'),
    }),
    mention: (command) => ({
      adapter: 'discord',
      channel: '100000000000000001',
      thread: { channel: '100000000000000001', id: '100000000000000002' },
      input: { kind: 'text', words: lineOf(command).join(' ') },
      press: press('words'),
    }),
    'direct message': (command) => ({
      adapter: 'slack',
      channel: 'D0ALONE',
      input: { kind: 'text', words: lineOf(command).join(' ') },
    }),
    button: (command) => ({
      adapter: 'slack',
      channel: 'C0LAB',
      input: byOptions(command),
      press: press('button'),
    }),
    form: (command) => ({
      adapter: 'discord',
      channel: '100000000000000001',
      input: byOptions(command),
      press: press('form'),
    }),
    web: (command) => ({ adapter: 'web', channel: 'queue', input: byOptions(command) }),
    terminal: (command) => ({
      adapter: 'terminal',
      channel: 'terminal',
      input: { kind: 'argv', argv: lineOf(command) },
      patience: { usualMs: 10, maxMs: 10, gone },
    }),
    MCP: (command) => ({
      adapter: 'mcp',
      channel: 'mcp',
      input: { ...byOptions(command), assignments: {} },
      patience: { usualMs: 10, maxMs: 10, gone },
    }),
  };

  async function answer(given: Omit<Invocation, 'person'>, person: Person): Promise<Reply> {
    let last: Reply | undefined;
    await world.bot().app.handlers.invoke({ ...given, person }, async (reply) => {
      last = reply;
      return undefined;
    });
    return last!;
  }
  /** What is decided; that the same was pressed before is found out only of what may be done. */
  async function outcome(given: Omit<Invocation, 'person'>, person: Person): Promise<string> {
    const { errorCode, data } = await answer(given, person);
    if (errorCode === 'not-allowed' || errorCode === 'not-for-agents') return 'refused';
    // Of approve and deny: there is no proposal 1 to decide on; of kill: it asks first.
    if (
      errorCode === undefined ||
      ['needs-confirmation', 'unknown-proposal', 'pressed-already'].includes(errorCode)
    )
      return (data as { state?: string } | undefined)?.state === 'waiting' ? 'proposed' : 'run';
    return errorCode;
  }

  async function proposalOf(command: Command): Promise<number> {
    somebody({ role: 'agent' });
    const { data } = await answer(WAYS.MCP!(command), CLAUDE);
    return (data as { proposal: number }).proposal;
  }

  return {
    get world() {
      return world;
    },
    get job() {
      return job;
    },
    get count() {
      return count;
    },
    somebody,
    optionsFor,
    mayAct,
    byOptions,
    press,
    in: WAYS,
    answer,
    outcome,
    proposalOf,
  };
}
