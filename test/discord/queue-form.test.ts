import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDiscordAdapter } from '../../adapters/discord/index.ts';
import type { Adapter } from '../../src/core/adapter.ts';
import { MORE, readSent } from '../../src/core/form-sent.ts';
import type { Preset } from '../../src/core/preset.ts';
import { createHouse, type House } from '../contract/adapter-harness.ts';
import { type DiscordWorld, openDiscord } from '../discord-world.ts';
import { PRESETS, QUEUE, QUEUE_CARD, queueHandlers, refusal } from '../form-house.ts';
import { eventually } from '../helpers.ts';
import { flatten, TYPE } from '../servers/discord/components.ts';
import type { Observed } from '../servers/discord/index.ts';

interface Item {
  type: number;
  content?: string;
  label?: string;
  description?: string;
  component?: {
    type: number;
    custom_id: string;
    value?: string;
    default?: boolean;
    options?: { value: string; description?: string }[];
  };
}

describe('the form of a run in Discord', () => {
  let discord: DiscordWorld;
  let house: House;
  let adapter: Adapter;

  async function start(presets: readonly Preset[]): Promise<void> {
    house = createHouse();
    adapter = createDiscordAdapter(
      { token: discord.token, apiUrl: discord.api, commands: 'guild' },
      house.ports('discord', discord.people.ada.id, discord.channels.queue),
    );
    await adapter.start(queueHandlers(house, presets));
  }
  beforeEach(async () => {
    discord = await openDiscord();
  });
  afterEach(async () => {
    await adapter.stop();
    await discord.stop();
    house.db.close();
  });

  const items = (opened: Observed) => opened.modal!.components as unknown as Item[];
  const fields = (opened: Observed) => items(opened).flatMap(({ component }) => component?.custom_id ?? []);
  async function press(): Promise<Observed> {
    const { id } = await adapter.post({ channel: discord.channels.queue }, QUEUE_CARD, 'card');
    return discord.press(discord.people.ada, id, 'Queue a run');
  }
  const list = (message: { components: unknown[] }) =>
    flatten(message.components as Parameters<typeof flatten>[0]).find(
      ({ type }) => type === TYPE.stringSelect,
    ) as unknown as { custom_id: string; options: { value: string; description: string }[] };
  async function choose(pressed: Observed, preset: string): Promise<Observed> {
    const message = pressed.message()!;
    expect(message.onlyFor).toBe(discord.people.ada.id);
    return discord.select(discord.people.ada, message.id, list(message).custom_id, [preset]);
  }
  const asked = () => {
    const { input } = house.asked.at(-1)!;
    if (input.kind !== 'options') throw new Error('no form');
    const { named, assignments, more } = readSent(QUEUE.options, input.options);
    return { ...named, ...assignments, ...(more === '' ? {} : { more }) };
  };

  it('lists presets in private first, then asks for the settings of the one that was chosen', async () => {
    await start(PRESETS);
    const pressed = await press();
    expect(list(pressed.message()!).options).toMatchObject([
      { value: 'toy', description: 'trains toy' },
      { value: 'gpt', description: 'trains gpt' },
    ]);
    const toy = await choose(pressed, 'toy');
    expect(toy.modal!.title).toBe('Queue a run: toy');
    // The rest, and what has no room, is typed in the last.
    expect(fields(toy)).toEqual(['settings.lr', 'settings.depth', 'settings.opt', 'hypothesis', MORE]);
    const [lr, , opt, , more] = items(toy);
    expect(lr).toMatchObject({ label: 'lr', description: 'step size; from 0.001 to 1; default 0.01' });
    expect(lr!.component!.value).toBe('0.01');
    expect(opt!.component!.options).toMatchObject([{ value: 'adam' }, { value: 'sgd', default: true }]);
    expect(more!.component!.value).toBe('amp=true');
    expect(more!.description).toMatch(/^amp, expected, position, parent/);
    await discord.submit(discord.people.ada, toy, {
      'settings.lr': '3e-4',
      hypothesis: 'why',
      [MORE]: 'amp=false\nposition=1',
    });
    await eventually('the form', () => house.asked.length > 0);
    expect(asked()).toEqual({ preset: 'toy', lr: '3e-4', hypothesis: 'why', more: 'amp=false\nposition=1' });
  });

  it('asks for no preset where there is one, and has a switch where there is room', async () => {
    await start([{ ...PRESETS[0]!, options: { amp: PRESETS[0]!.options.amp! } }]);
    const opened = await press();
    expect(fields(opened)).toEqual(['settings.amp', 'hypothesis', 'expected', MORE]);
    expect(items(opened)[0]!.content).toContain('Preset: toy');
    expect(items(opened)[1]!.component).toMatchObject({ type: TYPE.checkbox, default: true });
    await discord.submit(discord.people.ada, opened, { 'settings.amp': false });
    await eventually('the form', () => house.asked.length > 0);
    expect(asked()).toEqual({ preset: 'toy', amp: 'false' });
  });

  it('comes back with what was typed, and what was wrong at its field', async () => {
    await start(PRESETS);
    const opened = await choose(await press(), 'gpt');
    house.answers.push((_asked, give) => give(refusal('lr is "x"; accepted: a number', 'settings.lr')));
    const refused = await discord.submit(discord.people.ada, opened, {
      'settings.lr': 'x',
      hypothesis: 'why',
    });
    const answer = await refused.waitForMessage();
    expect(answer.seen.text).toContain('lr is "x"');
    const again = await discord.press(discord.people.ada, answer.id, 'Open the form again');
    const [head, lr, hypothesis] = items(again);
    expect(head!.content).toContain('Preset: gpt');
    expect(lr).toMatchObject({ description: '⚠️ lr is "x"; accepted: a number', component: { value: 'x' } });
    expect(hypothesis!.component!.value).toBe('why');
    await discord.submit(discord.people.ada, again, { 'settings.lr': '0.3' });
    await eventually('the second', () => house.asked.length > 1);
    expect(asked()).toEqual({ preset: 'gpt', lr: '0.3', hypothesis: 'why' });
  });
});
