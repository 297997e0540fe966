import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formOf as discordForm } from '../../adapters/discord/forms.ts';
import { formView } from '../../adapters/slack/modal.ts';
import { COMMANDS } from '../../commands/index.ts';
import { formOf } from '../../src/core/form.ts';
import { eventually } from '../helpers.ts';
import { ADA, CLAUDE, EVE, type ToyBot, toyBot } from '../toy-bot.ts';

describe('what is offered for a job', () => {
  let world: ToyBot;
  const at = { adapter: 'web', channel: 'queue', person: ADA };
  const offered = async (command: string) => {
    const asked = { command, option: 'job', typed: '', given: {} };
    return (await world.bot().app.handlers.suggest(at, asked)).map(({ insert }) => insert);
  };

  beforeAll(async () => {
    world = await toyBot();
    await world.enqueue(0.05);
    await world.ended('job-0000001');
    await world.enqueue(60);
    await eventually('it runs', () => world.queue.snapshot()!.jobs.get('job-0000002')?.status === 'running');
    await world.enqueue(60);
    await world.bot().app.settled();
  });
  afterAll(() => world.stop());

  it('is what the command can act on', async () => {
    expect(await offered('cancel')).toEqual(['last', 'job-0000003']);
    expect(await offered('move')).toEqual(['last', 'job-0000003']);
    expect(await offered('kill')).toEqual(['running', 'job-0000002']);
    expect(await offered('retry')).toEqual(['job-0000001']);
    expect(await offered('verdict')).toEqual(['job-0000001']);
    expect(await offered('note')).toEqual(['running', 'last', 'job-0000003', 'job-0000002', 'job-0000001']);
    const typed = await world.bot().app.handlers.complete(at, 'kill ');
    expect(typed.map(({ insert }) => insert)).toEqual(['running', 'job-0000002']);
  });
});

it('of proposals what the command can act on is offered, with what it is', async () => {
  const world = await toyBot();
  const { handlers } = world.bot().app;
  const at = { adapter: 'web', channel: 'queue', person: ADA };
  for (const preset of ['toy', 'toy learning_rate=0.2', 'toy learning_rate=0.3'])
    await world.ask(`queue ${preset}`, CLAUDE);
  await world.ask('deny 2', ADA);
  const offered = async (command: string) =>
    (await handlers.suggest(at, { command, option: 'proposal', typed: '', given: {} })).map(
      ({ insert, description }) => [insert, description],
    );
  const waiting = ['3', '1'].map((id) => [id, 'Claude: queue, waiting']);
  expect(await offered('approve')).toEqual(waiting);
  expect(await offered('deny')).toEqual(waiting);
  expect(await offered('wait')).toEqual(waiting);
  expect((await offered('proposals')).map(([id]) => id)).toEqual(['3', '2', '1']);
  const typed = async (line: string) => (await handlers.complete(at, line)).map(({ insert }) => insert);
  expect(await typed('approve ')).toEqual(['3', '1', 'proposal=']);
  expect(await typed('wait proposal=')).toEqual(['proposal=3', 'proposal=1']);
  const eve = { ...at, person: EVE };
  expect(
    await handlers.suggest(eve, { command: 'approve', option: 'proposal', typed: '', given: {} }),
  ).toEqual([]);
  await world.stop();
});

it('of more presets than a list holds one is typed or looked for, of fewer one is chosen', () => {
  const form = (names: string[]) => {
    const presets = names.map((name) => ({
      name,
      description: '',
      cwd: '',
      argv: [],
      options: {},
      allowExtra: [],
    }));
    return formOf(COMMANDS.find(({ name }) => name === 'queue')!, {}, { presets });
  };
  const actions = { idOf: () => 'id', byId: () => undefined };
  const discord = (presets: string[]) =>
    JSON.stringify(discordForm(form(presets), { actions, opening: '1' }).components);
  expect(discord(['toy', 'gpt'])).toContain('"type":3,"custom_id":"preset"');
  expect(discord([])).toContain('"type":4,"custom_id":"preset"');
  const slack = (presets: string[]) =>
    JSON.stringify(formView(form(presets), { channel: 'C' }).blocks[0 + 1]);
  expect(slack(['toy', 'gpt'])).toContain('static_select');
  expect(slack([])).toContain('external_select');
});
