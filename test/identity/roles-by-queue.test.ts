import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { isOfQueues } from '../../src/chat/queues-meant.ts';
import { mustBeAllowed } from '../../src/core/allowed-action.ts';
import type { Command } from '../../src/core/command.ts';
import { ACTION } from '../../src/core/command-parts.ts';
import { textMessage } from '../../src/core/message.ts';
import type { OptionSpec } from '../../src/core/options.ts';
import { allows, type Role } from '../../src/core/person.ts';
import { eventually } from '../helpers.ts';
import { twins } from '../queues/twins.ts';

const PEOPLE = {
  ada: { name: 'Ada', role: 'admin', unix: 'root' },
  oli: { name: 'Oli', role: 'operator', roles: { right: 'viewer' } },
  vic: { name: 'Vic', role: 'viewer', roles: { right: 'operator' } },
  claude: { name: 'Claude', role: 'agent' },
  codex: { name: 'Codex', role: 'agent', roles: { right: 'viewer' } },
};
const NUMBER = 'job-0000001';
/** Their role there. */
const there = (id: keyof typeof PEOPLE, queue: string): Role => {
  const { role, roles } = PEOPLE[id] as { role: Role; roles?: Record<string, Role> };
  return roles?.[queue] ?? role;
};

/** Every command that changes something on a queue, doing nothing but what is asked before. */
const CHANGES = COMMANDS.filter((command) => command.changes && isOfQueues(command)).filter(
  ({ options }) => !Object.values(options).some((spec) => spec.type === 'integer' && spec.proposals),
);
const stubbed = COMMANDS.map((command): Command => {
  if (!CHANGES.includes(command)) return command;
  const { confirm, pin, check, useless, standing, succeeded, made, needs, ...declared } = command;
  return {
    ...declared,
    async run(values, { caller }) {
      const { action } = values as { action?: string };
      if (action !== undefined && command.actions?.[action])
        mustBeAllowed(command.name, action, command.actions[action], caller.person);
      return {};
    },
    view: () => textMessage('done'),
  };
});

describe('what somebody may do on a queue', () => {
  let world: Awaited<ReturnType<typeof twins>>;
  beforeAll(async () => {
    world = await twins({ settings: { people: PEOPLE }, commands: stubbed });
    await world.fill();
  });
  afterAll(() => world?.stop());

  const sampleOf = (spec: OptionSpec): string => {
    if (spec.type === 'choice') return spec.choices[0]!;
    if (spec.type === 'integer' || spec.type === 'number') return '1';
    return spec.type === 'preset' ? 'toy' : 'x';
  };
  /** Each thing that a command does, on that queue. */
  function* deeds(command: Command, queue: string) {
    const actions = Object.entries(command.actions ?? {}).filter(
      ([, { changes, takes }]) =>
        changes && takes.some((name) => ['job', 'jobs'].includes(command.options[name]!.type)),
    );
    const all: (readonly [string | undefined, Role | null])[] =
      command.actions && command.options[ACTION]
        ? actions.map(([name, { role }]) => [name, role ?? command.role])
        : [[undefined, command.role]];
    for (const [action, role] of all) {
      const takes = action === undefined ? undefined : command.actions![action]!;
      const options = Object.entries(command.options).flatMap(([name, spec]): [string, string][] => {
        if (takes && !takes.takes.includes(name)) return [];
        if (spec.type === 'job' && spec.other) return [];
        if (spec.type === 'job' || spec.type === 'jobs') return [[name, `${queue}/${NUMBER}`]];
        if (spec.type === 'choice' && spec.ofQueues) return [[name, queue]];
        if (spec.type === 'assignments') return [];
        const isNeeded = spec.required || takes?.requires?.includes(name) || spec.type === 'preset';
        return isNeeded ? [[name, sampleOf(spec)]] : [];
      });
      yield {
        role,
        options: { ...(action === undefined ? {} : { action }), ...Object.fromEntries(options) },
      };
    }
  }
  const gone = new AbortController().signal;
  const patience = { usualMs: 10, maxMs: 10, gone };
  type Options = Record<string, string>;
  const wordsOf = (options: Options) => Object.entries(options).map(([key, value]) => `${key}=${value}`);
  /** The ways in, as adapters hand them on. */
  const WAYS = {
    typed: (command: string, options: Options) => ({
      adapter: 'slack',
      channel: 'C0LAB',
      input: { kind: 'text' as const, words: [command, ...wordsOf(options)].join(' ') },
    }),
    button: (command: string, options: Options) => ({
      adapter: 'discord',
      channel: '100000000000000001',
      input: { kind: 'options' as const, command, options },
    }),
    web: (command: string, options: Options) => ({
      adapter: 'web',
      channel: 'queue',
      input: { kind: 'options' as const, command, options },
    }),
    terminal: (command: string, options: Options) => ({
      adapter: 'terminal',
      channel: 'terminal',
      input: { kind: 'argv' as const, argv: [command, ...wordsOf(options)] },
      patience,
    }),
    MCP: (command: string, options: Options) => ({
      adapter: 'mcp',
      channel: 'mcp',
      input: { kind: 'options' as const, command, options, assignments: {} },
      patience,
    }),
  };

  it('decides of every command that changes something on one, on every way in', async () => {
    const wrong: string[] = [];
    let tried = 0;
    for (const command of CHANGES)
      for (const queue of ['left', 'right'])
        for (const { role, options } of deeds(command, queue))
          for (const id of ['ada', 'oli', 'vic', 'codex'] as const)
            for (const [way, given] of Object.entries(WAYS)) {
              let code: string | undefined;
              await world.bot.app.handlers.invoke(
                { ...given(command.name, options), person: world.person(id) },
                async (reply) => {
                  code = reply.errorCode;
                },
              );
              const isRefused = code === 'not-allowed' || code === 'not-for-agents';
              const may = allows(there(id, queue), id === 'codex' ? 'agent' : role);
              // Of what an agent may propose there some is for people alone.
              const isRight = (id === 'codex' && may) || isRefused === !may;
              if (!isRight || !(isRefused || code === undefined))
                wrong.push(`${command.name} ${JSON.stringify(options)}, ${id} by ${way}: ${code}`);
              tried += 1;
            }
    expect(wrong).toEqual([]);
    // All that is known to act on a queue is among them.
    expect(CHANGES.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['cancel', 'kill', 'move', 'steer', 'queue', 'retry', 'observer', 'sweep']),
    );
    expect(tried).toBeGreaterThan(CHANGES.length * 2 * 4 * 5 - 1);
  });

  it('decides what they are offered: completion, and the queues of a form', async () => {
    const { handlers } = world.bot.app;
    const at = (id: string) => ({ adapter: 'web', channel: 'queue', person: world.person(id) });
    const inserted = async (id: string, line: string) =>
      (await handlers.complete(at(id), line)).map(({ insert }) => insert);
    for (const [id, queue] of [
      ['oli', 'left'],
      ['vic', 'right'],
    ] as const) {
      expect(await inserted(id, 'queue toy on=')).toEqual([`on=${queue}`]);
      const jobs = (await inserted(id, 'move ')).filter((each) => each.includes('/'));
      expect(jobs).toEqual([`${queue}/job-0000003`, `${queue}/job-0000002`]);
      const form = await handlers.form({ ...at(id), input: { kind: 'text', words: '' } }, 'queue', {});
      expect(JSON.stringify(form)).toContain(`"${queue}"`);
      expect(JSON.stringify(form)).not.toContain(`"${queue === 'left' ? 'right' : 'left'}"`);
    }
    expect(await inserted('ada', 'queue toy on=')).toEqual(['on=left', 'on=right']);
  });
});

describe('a launch', () => {
  let world: Awaited<ReturnType<typeof twins>>;
  beforeAll(async () => {
    world = await twins({
      settings: {
        people: { ...PEOPLE, eve: { name: 'Eve', role: 'viewer' } },
        presets: {
          toy: { cwd: '.', argv: ['python', '-m', 'examples.toy'] },
          there: { cwd: '.', argv: ['python', '-m', 'examples.toy'], queues: ['right'] },
        },
      },
    });
    await world.fill();
  });
  afterAll(() => world?.stop());
  const said = (typed: string, id: string) => world.said(typed, world.person(id));

  it('that names no queue goes to one where they may queue runs', async () => {
    for (const id of ['vic', 'vic']) expect(await said('queue toy', id)).toMatch(/^Queued right\/job-/);
    for (const id of ['oli', 'oli']) expect(await said('queue toy', id)).toMatch(/^Queued left\/job-/);
    expect(await said('queue toy', 'oli')).toMatch(/Oli may queue runs on no other queue/);
    expect(await said('queue there', 'oli')).toMatch(
      /there is not queued: that needs the role operator, and your role is viewer on right\..*people:/s,
    );
    expect(await said('queue toy on=left', 'vic')).toMatch(
      /needs the role operator; your role is viewer on left/,
    );
    expect(await said('queue toy', 'eve')).toMatch(/queue needs the role operator; your role is viewer/);
    expect(await said('sweep toy on=right learning_rate=1,2 queue=true', 'oli')).toMatch(/on right/);
  });

  it('that waits for another job is asked for, and made, where they may', async () => {
    expect(await said('queue toy after=left/1 on=left', 'vic')).toMatch(/your role is viewer on left/);
    expect(await said('queue there after=left/1', 'oli')).toMatch(/your role is viewer on right/);
    expect(await said('queue there after=left/1', 'vic')).toMatch(/^Starts when left\/job-0000001/);
  });

  it('of an agent is approved, or denied, by who may queue runs there', async () => {
    const claude = world.person('claude');
    const propose = async (typed: string) =>
      (await world.ask(typed, claude)).data as { proposal: number; state: string };
    const here = await propose('queue toy on=left');
    expect(here.state).toBe('waiting');
    const refused = /needs the role operator; your role is viewer on (left|right).*still waits/s;
    expect(await said(`approve ${here.proposal}`, 'vic')).toMatch(refused);
    expect(await said(`deny ${here.proposal}`, 'vic')).toMatch(refused);
    expect(await said(`deny ${here.proposal}`, 'oli')).not.toMatch(/needs the role/);
    const other = await propose('cancel right/3');
    expect(await said(`approve ${other.proposal}`, 'oli')).toMatch(refused);
    expect(world.status(world.right, 3)).toBe('queued');
    await said(`approve ${other.proposal}`, 'vic');
    await eventually('it is cancelled', () => world.status(world.right, 3) === 'cancelled');
    expect(await said('queue toy on=right', 'codex')).toMatch(/your role is viewer on right/);
  });

  it('is shown with who may make it', async () => {
    expect((await said('health', 'ada')).replace(/\s+/g, ' ')).toMatch(
      /on right Oli may read; on right Vic is operator/,
    );
  });
});
