import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import type { Invocation, Reply } from '../../src/core/adapter.ts';
import type { Command } from '../../src/core/command.ts';
import { BotError } from '../../src/core/errors.ts';
import { type Job, jobKeyText } from '../../src/core/job.ts';
import { textMessage } from '../../src/core/message.ts';
import type { OptionSpec } from '../../src/core/options.ts';
import { allows, type Person } from '../../src/core/person.ts';
import { figure } from '../chaos/figures.ts';
import { eventually } from '../helpers.ts';
import { CLAUDE, type ToyBot, toyBot } from '../toy-bot.ts';
import { AGENTS_PROPOSE, expected, LEVELS, levelOf, NEEDS, WHO, type Who } from './needs.ts';

/** Each command, doing nothing but what is asked before. */
const INERT = ['approve', 'deny', 'help'];
const stubbed = COMMANDS.filter(({ name }) => levelOf(name) !== undefined).map((command): Command => {
  if (INERT.includes(command.name)) return command;
  const { confirm, pin, check, useless, standing, succeeded, made, needs, ...declared } = command;
  return {
    ...declared,
    ...(command.name === 'kill' && confirm ? { confirm } : {}),
    run: async () => ({}),
    view: () => textMessage('done'),
  };
});

describe('who may give which command', () => {
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

  it('is known of every command', () => {
    expect(LEVELS.flatMap((level) => NEEDS[level]).toSorted()).toEqual(
      COMMANDS.map(({ name }) => name).toSorted(),
    );
  });

  it('is what the table says, for everybody, on every way in', async ({ task }) => {
    let tried = 0;
    const wrong: string[] = [];
    for (const command of stubbed)
      for (const [who, given] of Object.entries(WHO))
        for (const [way, input] of Object.entries(WAYS)) {
          const found = await outcome(input(command), somebody(given));
          const right = expected(command.name, given);
          if (found !== right) wrong.push(`${command.name}, ${who}, ${way}: ${found}, not ${right}`);
          tried += 1;
        }
    expect(wrong).toEqual([]);
    expect(tried).toBe(stubbed.length * Object.keys(WHO).length * Object.keys(WAYS).length);
    figure(task, {
      attack: 'identity: commands x roles x ways in',
      runs: tried,
      result: `${wrong.length} decided otherwise`,
    });
  }, 120_000);

  it('is the same of what they are offered: lists, forms, completion', async () => {
    const { handlers } = world.bot().app;
    for (const command of stubbed)
      for (const [who, given] of Object.entries(WHO)) {
        const person = somebody(given);
        const at = { adapter: 'slack', channel: 'C0LAB', person };
        const may = expected(command.name, { ...given, owns: true }) === 'run';
        // An agent is offered its proposals as tools, and what it does directly.
        if (given.role !== 'agent') {
          const listed = handlers.commandsFor(person).some(({ name }) => name === command.name);
          const completed = (await handlers.complete(at, command.name)).concat(
            await handlers.complete(at, command.name.slice(0, -1)),
          );
          const isCompleted = completed.some(({ insert }) => insert === command.name);
          expect([command.name, who, listed, isCompleted]).toEqual([command.name, who, may, may]);
        }
        const invocation = { ...at, input: byOptions(command) };
        const options = optionsFor(command);
        const opened = await handlers.form(invocation, command.name, options).then(
          () => true,
          (error) => {
            if (error instanceof BotError) return false;
            throw error;
          },
        );
        expect([command.name, who, opened]).toEqual([
          command.name,
          who,
          expected(command.name, given) !== 'refused' && mayAct(command, options.action, person),
        ]);
      }
  }, 60_000);

  it('is the same of a message that is kept as a note by a reaction', async () => {
    for (const [who, given] of Object.entries(WHO)) {
      const quoted = {
        author: { id: 'slack:U0BEA', name: 'Bea' },
        text: 'odd',
        at: 1,
        link: '',
        id: `m${count}`,
      };
      const input = {
        kind: 'options' as const,
        command: 'note',
        options: { text: 'odd', job: jobKeyText(job) },
      };
      const found = await outcome({ adapter: 'slack', channel: 'C0LAB', input, quoted }, somebody(given));
      expect([who, found]).toEqual([who, expected('note', given)]);
    }
  });

  it('is the same of an approval: nobody approves what they may not do', async () => {
    let tried = 0;
    for (const name of AGENTS_PROPOSE) {
      const command = stubbed.find((each) => each.name === name)!;
      const proposed = await proposalOf(command);
      for (const [who, given] of Object.entries(WHO)) {
        if (given.role === 'agent') continue;
        const isAllowed = expected('approve', given) === 'run' && expected(name, given) === 'run';
        const input = { kind: 'text' as const, words: `approve ${proposed}` };
        const found = await outcome({ adapter: 'web', channel: 'queue', input }, somebody(given));
        const isFirst = found !== 'proposal-closed';
        if (isFirst || !isAllowed)
          expect([name, who, found]).toEqual([name, who, isAllowed ? 'run' : 'refused']);
        tried += 1;
      }
    }
    expect(tried).toBe(AGENTS_PROPOSE.length * 14);
  });

  async function proposalOf(command: Command): Promise<number> {
    somebody({ role: 'agent' });
    const { data } = await answer(WAYS.MCP!(command), CLAUDE);
    return (data as { proposal: number }).proposal;
  }

  describe('a question’s yes', () => {
    const ask = async (person: Person): Promise<string> => {
      const kill = stubbed.find(({ name }) => name === 'kill')!;
      const { data } = await answer(WAYS.button!(kill), person);
      return (data as { token: string }).token;
    };
    const yes = async (token: string, person: Person, adapter = 'slack') => {
      const input = { kind: 'options' as const, command: 'confirm', options: { token } };
      const { errorCode } = await answer(
        { adapter, channel: 'C0LAB', input, press: press('button') },
        person,
      );
      return errorCode ?? 'done';
    };

    it('is said by whoever was asked, once, where they were asked, and no other', async () => {
      const asker = somebody({ role: 'viewer', owns: true });
      const token = await ask(asker);
      const other: Person = { id: 'slack:U0MAL', name: 'Mal', role: 'admin' };
      expect(await yes(token, other)).toBe('not-yours');
      expect(await yes(token, asker, 'discord')).toBe('confirmation-gone');
      expect(await yes(`${token.slice(0, -1)}x`, asker)).toBe('confirmation-gone');
      expect(await yes(token, asker)).toBe('done');
      expect(await yes(token, asker)).toBe('pressed-already');
    });

    it('is worth nothing when they may not do it any more', async () => {
      const asker = somebody({ role: 'viewer', owns: true });
      for (const now of [
        { ...asker, role: null, barred: 'deactivated' as const },
        { ...asker, role: null },
      ])
        expect(await yes(await ask(asker), now)).toBe('not-allowed');
      const token = await ask(asker);
      world.bot().app.parts.db.prepare('UPDATE jobs SET owner_person = ?').run('slack:U0OTHER');
      expect(await yes(token, asker)).toBe('not-allowed');
    });
  });
});
