import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { BotError } from '../../src/core/errors.ts';
import { jobKeyText } from '../../src/core/job.ts';
import type { Person } from '../../src/core/person.ts';
import { figure } from '../chaos/figures.ts';
import { AGENTS_PROPOSE, expected, LEVELS, NEEDS, WHO } from './needs.ts';
import { stubbed, waysIn } from './ways-in.ts';

describe('who may give which command', () => {
  const ways = waysIn();

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
        for (const [way, input] of Object.entries(ways.in)) {
          const found = await ways.outcome(input(command), ways.somebody(given));
          const right = expected(command.name, given);
          if (found !== right) wrong.push(`${command.name}, ${who}, ${way}: ${found}, not ${right}`);
          tried += 1;
        }
    expect(wrong).toEqual([]);
    expect(tried).toBe(stubbed.length * Object.keys(WHO).length * Object.keys(ways.in).length);
    figure(task, {
      attack: 'identity: commands x roles x ways in',
      runs: tried,
      result: `${wrong.length} decided otherwise`,
    });
  }, 120_000);

  it('is the same of what they are offered: lists, forms, completion', async () => {
    const { handlers } = ways.world.bot().app;
    for (const command of stubbed)
      for (const [who, given] of Object.entries(WHO)) {
        const person = ways.somebody(given);
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
        const invocation = { ...at, input: ways.byOptions(command) };
        const options = ways.optionsFor(command);
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
          expected(command.name, given) !== 'refused' && ways.mayAct(command, options.action, person),
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
        id: `m${ways.count}`,
      };
      const input = {
        kind: 'options' as const,
        command: 'note',
        options: { text: 'odd', job: jobKeyText(ways.job) },
      };
      const found = await ways.outcome(
        { adapter: 'slack', channel: 'C0LAB', input, quoted },
        ways.somebody(given),
      );
      expect([who, found]).toEqual([who, expected('note', given)]);
    }
  });

  it('is the same of an approval: nobody approves what they may not do', async () => {
    let tried = 0;
    for (const name of AGENTS_PROPOSE) {
      const command = stubbed.find((each) => each.name === name)!;
      const proposed = await ways.proposalOf(command);
      for (const [who, given] of Object.entries(WHO)) {
        if (given.role === 'agent') continue;
        const isAllowed = expected('approve', given) === 'run' && expected(name, given) === 'run';
        const input = { kind: 'text' as const, words: `approve ${proposed}` };
        const found = await ways.outcome({ adapter: 'web', channel: 'queue', input }, ways.somebody(given));
        const isFirst = found !== 'proposal-closed';
        if (isFirst || !isAllowed)
          expect([name, who, found]).toEqual([name, who, isAllowed ? 'run' : 'refused']);
        tried += 1;
      }
    }
    expect(tried).toBe(AGENTS_PROPOSE.length * 14);
  });

  describe('a question’s yes', () => {
    const ask = async (person: Person): Promise<string> => {
      const kill = stubbed.find(({ name }) => name === 'kill')!;
      const { data } = await ways.answer(ways.in.button!(kill), person);
      return (data as { token: string }).token;
    };
    const yes = async (token: string, person: Person, adapter = 'slack') => {
      const input = { kind: 'options' as const, command: 'confirm', options: { token } };
      const { errorCode } = await ways.answer(
        { adapter, channel: 'C0LAB', input, press: ways.press('button') },
        person,
      );
      return errorCode ?? 'done';
    };

    it('is said by whoever was asked, once, where they were asked, and no other', async () => {
      const asker = ways.somebody({ role: 'viewer', owns: true });
      const token = await ask(asker);
      const other: Person = { id: 'slack:U0MAL', name: 'Mal', role: 'admin' };
      expect(await yes(token, other)).toBe('not-yours');
      expect(await yes(token, asker, 'discord')).toBe('confirmation-gone');
      expect(await yes(`${token.slice(0, -1)}x`, asker)).toBe('confirmation-gone');
      expect(await yes(token, asker)).toBe('done');
      expect(await yes(token, asker)).toBe('pressed-already');
    });

    it('is worth nothing when they may not do it any more', async () => {
      const asker = ways.somebody({ role: 'viewer', owns: true });
      for (const now of [
        { ...asker, role: null, barred: 'deactivated' as const },
        { ...asker, role: null },
      ])
        expect(await yes(await ask(asker), now)).toBe('not-allowed');
      const token = await ask(asker);
      ways.world.bot().app.parts.db.prepare('UPDATE jobs SET owner_person = ?').run('slack:U0OTHER');
      expect(await yes(token, asker)).toBe('not-allowed');
    });
  });
});
