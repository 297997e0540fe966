import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Modal, Reply } from '../../src/core/adapter.ts';
import { sentWith } from '../../src/core/form-sent.ts';
import type { Person } from '../../src/core/person.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { typedWords } from '../../src/core/typed-words.ts';
import { ADA, buttonsOf, EVE, type ToyBot, toyBot } from '../toy-bot.ts';

const SETTINGS = {
  presets: {
    toy: {
      options: {
        learning_rate: { description: 'step size' },
        depth: { type: 'integer', min: 1, max: 8, default: '2' },
      },
      allow_extra: ['optim.beta'],
    },
    gpt: {
      description: 'a small language model',
      cwd: '/tmp',
      argv: ['python', '-m', 'examples.gpt'],
      options: { layers: { type: 'integer', default: '6' } },
    },
  },
};

describe('a form shows what stands there, and changes what somebody changed', () => {
  let world: ToyBot;
  const at = { adapter: 'web', channel: 'queue', person: ADA };

  beforeAll(async () => {
    world = await toyBot({ settings: SETTINGS, launchedSeconds: 0.2 });
    await world.said('session new study metric=value/loss mode=min target=0.05 runs=20');
    await world.said(
      'plan toy learning_rate=0.3 hypothesis="a higher rate gets further" expected="loss below 0.2" name=faster',
    );
  });
  afterAll(() => world.stop());

  const form = (command: string, options: Record<string, string>) =>
    world.bot().app.handlers.form({ ...at, input: { kind: 'options', command, options } }, command, options);
  /** Sends a form with what somebody entered in it, and all else as it stood. */
  async function send(
    { command, fields, values, fixed }: Modal,
    entered: Record<string, string>,
  ): Promise<Reply> {
    const all = Object.fromEntries(Object.keys(fields).map((name) => [name, values[name] ?? '']));
    return world.press({ label: '', command, options: sentWith(fixed, { ...all, ...entered }) }, ADA);
  }
  const row = (id: string) => world.row('study', id);

  it('of an experiment: only what was changed is written, what was emptied is cleared', async () => {
    await world.said('experiment edit faster next="a longer run" note="see #lr"');
    const opened = await form('experiment', { action: 'edit', experiment: 'study/faster' });
    expect(opened.values).toMatchObject({
      hypothesis: 'a higher rate gets further',
      next: 'a longer run',
      owner: 'Ada',
    });
    // Somebody else writes meanwhile.
    await world.said('experiment edit faster changes="another rate"');
    const reply = await send(opened, { next: '', hypothesis: 'a higher rate gets further, sooner' });
    expect(plainText(reply.message)).toContain('Edited hypothesis, next_action of faster');
    expect(await row('faster')).toMatchObject({
      hypothesis: 'a higher rate gets further, sooner',
      next_action: '',
      change_summary: 'another rate',
    });
    expect((await send(await form('experiment', { action: 'edit', experiment: 'faster' }), {})).ok).toBe(
      false,
    );
  });

  it('of a session: a target and a part of the budget are taken away by emptying their fields', async () => {
    const opened = await form('session', { action: 'change', name: 'study' });
    expect(opened.values).toEqual({
      metric: 'value/loss',
      mode: 'min',
      target: '0.05',
      runs: '20',
      owner: 'Ada',
    });
    await send(opened, { target: '', runs: '30' });
    expect((await form('session', { action: 'change' })).values).toEqual({
      metric: 'value/loss',
      mode: 'min',
      runs: '30',
      owner: 'Ada',
    });
  });

  it('of a plan that is queued: its settings and words, which stay as they are unless they are changed', async () => {
    const opened = await form('queue', { experiment: 'study/faster' });
    expect(opened.values).toMatchObject({
      preset: 'toy',
      'settings.learning_rate': '0.3',
      'settings.depth': '2',
      expected: 'loss below 0.2',
    });
    expect(opened.fields.replace).toBeDefined();
    const other = await send(opened, { hypothesis: 'something else' });
    expect([other.errorOption, other.ok]).toEqual(['hypothesis', false]);
    const queued = await send(opened, { 'settings.depth': '3' });
    expect(queued.data).toMatchObject({
      state: 'queued',
      experimentId: 'faster',
      assignments: { learning_rate: '0.3', depth: '3' },
    });
  });

  it("of another preset than was planned: that one's own settings", async () => {
    await world.said('plan toy learning_rate=0.2 hypothesis="x" name=other');
    const { values, fields } = await form('queue', { experiment: 'other', preset: 'gpt' });
    expect(values).toMatchObject({ preset: 'gpt', 'settings.layers': '6' });
    expect(Object.keys(fields)).not.toContain('settings.learning_rate');
  });

  it('of a run that is suggested: each setting in its field, what is not declared with the others', async () => {
    const given = { preset: 'toy', settings: 'learning_rate=0.2\noptim.beta=0.9', hypothesis: 'why' };
    const opened = await form('plan', given);
    expect(opened.values).toMatchObject({
      'settings.learning_rate': '0.2',
      settings: 'optim.beta=0.9',
      hypothesis: 'why',
    });
    expect(opened.folded).not.toContain('settings');
    const reply = await send(opened, {});
    expect(reply.data).toMatchObject({
      assignments: { learning_rate: '0.2', depth: '2', 'optim.beta': '0.9' },
    });
    expect(plainText(reply.message)).toContain(
      "toy learning_rate=0.2 optim.beta=0.9 and the preset's defaults",
    );
  });

  it('what is wrong with a setting names its field, wherever it was written', async () => {
    const opened = await form('queue', { preset: 'toy' });
    for (const [entered, option] of [
      [{ 'settings.learning_rate': '7' }, 'settings.learning_rate'],
      [{ 'settings.depth': '1e3' }, 'settings.depth'],
      [{ 'settings.depth': '' }, 'settings.depth'],
      [{ settings: 'learningrate=1' }, 'settings.learningrate'],
      [{ settings: 'words' }, 'settings'],
      [{ ':more': 'position=x' }, 'position'],
      [{ ':more': 'words' }, ':more'],
      [{ ':more': 'depth=99' }, 'settings.depth'],
      [{ position: '99' }, 'position'],
      [{ parent: 'nothing' }, 'parent'],
      [{ name: '../up' }, 'name'],
      [{ experiment: 'nothing' }, 'experiment'],
      [{ preset: 'nothing' }, 'preset'],
    ] as const) {
      const reply = await send(opened, entered);
      expect([reply.ok, reply.errorOption], JSON.stringify(entered)).toEqual([false, option]);
    }
  });

  it('is offered where what was typed can be mended in it, filled in as it was typed', async () => {
    const offered = async (words: string) => {
      const { message } = await world.ask(words);
      const [button] = buttonsOf({ message });
      return button && form(button.command, button.options);
    };
    const first = await offered('queue');
    expect(first).toMatchObject({ title: 'Queue a run', problem: { field: 'preset' } });
    const wrong = await offered('queue toy learning_rate=7 depth=3 hypothesis="why not"');
    expect(wrong).toMatchObject({
      values: { preset: 'toy', 'settings.learning_rate': '7', 'settings.depth': '3', hypothesis: 'why not' },
      problem: { field: 'settings.learning_rate', text: expect.stringContaining('accepted: a number') },
    });
    expect(await offered('plan toy')).toMatchObject({ problem: { field: 'hypothesis' } });
    expect(await offered('session new half metric=value/loss')).toMatchObject({
      title: 'New session',
      problem: { field: 'mode' },
    });
    // Naming a job is no form's work, nor is what only reads.
    for (const words of [
      'kill 99',
      'logs 99',
      'experiment show nothing',
      'experiment list limit=0',
      'nothing',
    ])
      expect([words, await offered(words).catch(() => 'none')]).not.toContainEqual(
        expect.objectContaining({ title: expect.any(String) }),
      );
  });

  it('is neither offered to somebody who could not send it, nor opened for them', async () => {
    const offers: [words: string, command: string, options: Record<string, string>][] = [
      ['experiment show faster', 'experiment', { action: 'edit', experiment: 'faster' }],
      ['session', 'session', { action: 'change', name: 'study' }],
    ];
    for (const [words, command, options] of offers) {
      const isOffered = async (person: Person) =>
        buttonsOf(await world.ask(words, person)).some((button) => button.form);
      expect([await isOffered(ADA), await isOffered(EVE)], words).toEqual([true, false]);
      const asked = { ...at, person: EVE, input: { kind: 'options' as const, command, options } };
      await expect(world.bot().app.handlers.form(asked, command, options)).rejects.toMatchObject({
        code: 'not-allowed',
      });
    }
  });

  it('is echoed as it would have been typed', async () => {
    const { fixed } = await form('queue', { preset: 'toy' });
    const options = sentWith(fixed, {
      preset: 'toy',
      'settings.depth': '3',
      'settings.learning_rate': '0.01',
      ':more': 'position=1',
    });
    const input = { kind: 'options' as const, command: 'queue', options };
    expect(typedWords({ adapter: 'web', input }, world.bot().app.handlers)).toBe(
      '/xax queue toy depth=3 position=1',
    );
  });
});

describe('what needs a preset', () => {
  const opened = async (settings: Record<string, unknown>, command: string) => {
    const world = await toyBot({ settings });
    try {
      const input = { kind: 'options' as const, command, options: {} };
      const at = { adapter: 'web', channel: 'queue', person: ADA, input };
      return await world.bot().app.handlers.form(at, command, {});
    } finally {
      await world.stop();
    }
  };

  it.each(['queue', 'plan', 'sweep'])(
    'of %s there is no form where there is none, and how to get one',
    async (command) => {
      await expect(opened({ presets: undefined }, command)).rejects.toMatchObject({
        message: expect.stringContaining('No preset is declared yet'),
        hint: expect.stringMatching(/init --project FOLDER/),
      });
    },
  );

  it('has the only one filled in', async () => {
    for (const command of ['queue', 'plan', 'sweep']) {
      const only = await opened({ presets: { toy: SETTINGS.presets.toy } }, command);
      expect([command, only.fixed.preset, only.about]).toEqual([
        command,
        'toy',
        [{ label: 'Preset', text: 'toy' }],
      ]);
    }
  });

  it('asks which of several, and of no default where there is none', async () => {
    const { preset } = (await opened(SETTINGS, 'queue')).fields;
    expect(preset).toMatchObject({
      required: true,
      choices: ['toy', 'gpt'],
      description: 'which preset of xaxbot.yaml',
    });
  });
});
