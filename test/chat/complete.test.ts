import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formOf as discordForm } from '../../adapters/discord/forms.ts';
import { formView } from '../../adapters/slack/modal.ts';
import { COMMANDS } from '../../commands/index.ts';
import { formOf } from '../../src/core/form.ts';
import { eventually } from '../helpers.ts';
import { ADA, type ToyBot, toyBot } from '../toy-bot.ts';

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

it('of more presets than a list holds one is typed or looked for, of fewer one is chosen', () => {
  const form = formOf(COMMANDS.find(({ name }) => name === 'queue')!, {});
  const actions = { idOf: () => 'id', byId: () => undefined };
  const discord = (presets: string[]) =>
    JSON.stringify(discordForm(form, presets, { actions, opening: '1' }).components);
  expect(discord(['toy'])).toContain('"type":3,"custom_id":"preset"');
  expect(discord([])).toContain('"type":4,"custom_id":"preset"');
  const slack = (presets: string[]) =>
    JSON.stringify(formView(form, { channel: 'C' }, presets).blocks[0 + 1]);
  expect(slack(['toy'])).toContain('static_select');
  expect(slack([])).toContain('external_select');
});
