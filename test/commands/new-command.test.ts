import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declarations } from '../../adapters/discord/commands.ts';
import { toolOf } from '../../adapters/mcp/tool.ts';
import { commandListView, formView } from '../../adapters/slack/modal.ts';
import { terminalArguments } from '../../adapters/terminal/arguments.ts';
import { COMMANDS } from '../../commands/index.ts';
import { wholeOf } from '../../src/core/command-parts.ts';
import type { CommandContext } from '../../src/core/services/context.ts';
import { ADA, EVE, type ToyBot, toyBot } from '../toy-bot.ts';
import { greet } from './greet.ts';

/** The one line that a new command needs besides its own file. */
const WITH_GREET = [...COMMANDS, greet];

describe('a command that one file declares and one line lists', () => {
  let world: ToyBot;
  beforeAll(async () => {
    world = await toyBot({ commands: WITH_GREET });
  });
  afterAll(() => world.bot().app.stop());
  const handlers = () => world.bot().app.handlers;
  const request = { adapter: 'web', channel: 'queue', person: ADA };

  it('runs, is given what it declares and no more, and is in the audit', async () => {
    const reply = await world.ask('greet glad', EVE);
    expect(reply).toMatchObject({ ok: true, visibility: 'private', data: { name: 'Eve', mood: 'glad' } });
    expect((reply.data as { given: string[] }).given).toEqual(['session', 'now']);
    expect(world.audit().at(-1)).toMatchObject({ person: 'eve', command: 'greet', outcome: 'done' });
  });

  it('is in help, among the others since it names no group, and in completion', async () => {
    expect(await world.said('help')).toMatch(/Others\s*\ngreet +Say hello to whoever asks\./);
    expect(await world.said('help greet')).toMatch(/^\/xax greet \[calm\|glad\]/);
    const inserts = async (words: string) =>
      (await handlers().complete(request, words)).map(({ insert }) => insert);
    expect(await inserts('gre')).toEqual(['greet']);
    expect(await inserts('hel')).toEqual(['help']);
    expect(await inserts('greet ')).toEqual(['calm', 'glad', 'mood=']);
  });

  it('has a form, which Slack opens and lists', async () => {
    const modal = await handlers().form({ ...request, input: { kind: 'text', words: '' } }, 'greet', {});
    expect(modal).toMatchObject({ title: 'Greet', description: 'Say hello to whoever asks' });
    expect(Object.keys(modal.fields)).toEqual(['mood']);
    expect(JSON.stringify(formView(modal, { channel: 'C1' }))).toContain('glad');
    expect(JSON.stringify(commandListView(WITH_GREET, { channel: 'C1' }))).toContain(
      'greet: Say hello to whoever asks',
    );
  });

  it('is declared to Discord, has flags in the terminal, and is a tool of agents', () => {
    expect(JSON.stringify(declarations(WITH_GREET))).toContain('"name":"greet"');
    expect(terminalArguments(['greet', '--mood', 'glad'], WITH_GREET).argv).toEqual(['greet', 'mood=glad']);
    expect(toolOf(wholeOf(greet), [])).toMatchObject({
      name: 'greet',
      inputSchema: { properties: { mood: { enum: ['calm', 'glad'] } } },
    });
  });

  it('needs no more of a context than it declares', async () => {
    const context = {
      caller: { person: ADA },
      services: { session: { info: () => ({ name: 's1' }) }, now: () => 0 },
    } as unknown as CommandContext<'session' | 'now'>;
    expect(await greet.run({}, context)).toMatchObject({ name: 'Ada', session: 's1' });
  });
});

describe('an alias', () => {
  const aliases = COMMANDS.flatMap(({ aliases = [] }) => aliases);

  it('is no name of a command, and of one command only', () => {
    expect(aliases.filter((alias) => COMMANDS.some(({ name }) => name === alias))).toEqual([]);
    expect(new Set(aliases).size).toBe(aliases.length);
    expect(aliases.filter((alias) => alias !== alias.toLowerCase() || alias.split(' ').length > 2)).toEqual(
      [],
    );
  });

  it('is understood wherever the name is', async () => {
    const world = await toyBot();
    try {
      expect(await world.said('putoff')).toBe('No suggestion has been dismissed in this session.');
      expect(await world.said('Suggest Dismissed')).toBe('No suggestion has been dismissed in this session.');
      expect(await world.said('suggest dismiss toy learning_rate=0.3 reason="too high"')).toMatch(
        /^Dismissed: toy learning_rate=0\.3\. Ada: too high\./,
      );
      expect(await world.said('help notnow')).toMatch(/^\/xax dismiss PRESET/);
      expect(await world.said('help suggest dismiss')).toMatch(/^\/xax dismiss PRESET/);
      expect(world.audit().at(-1)).toMatchObject({ command: 'dismiss' });
      const { handlers } = world.bot().app;
      const request = { adapter: 'web', channel: 'queue', person: ADA };
      const inserts = async (words: string) =>
        (await handlers.complete(request, words)).map(({ insert }) => insert);
      expect(await inserts('notn')).toEqual([]);
      expect(await inserts('dism')).toEqual(['dismiss', 'dismissed']);
      expect(await inserts('suggest dismiss ')).toContain('toy');
      // A button of an older message, and its form.
      const modal = await handlers.form({ ...request, input: { kind: 'text', words: '' } }, 'notnow', {
        preset: 'toy',
      });
      expect(modal).toMatchObject({ command: 'dismiss', title: 'Dismiss', fixed: { preset: 'toy' } });
      const old = { label: 'Not now', command: 'putoff', options: { undo: '1' } };
      expect((await world.press(old)).ok).toBe(true);
      expect(terminalArguments(['suggest', 'dismiss', 'toy', '--reason', 'no'], COMMANDS).argv).toEqual([
        'suggest',
        'dismiss',
        'toy',
        'reason=no',
      ]);
      expect(terminalArguments(['notnow', '--help'], COMMANDS).argv).toEqual(['help', 'dismiss']);
    } finally {
      await world.bot().app.stop();
    }
  });
});
