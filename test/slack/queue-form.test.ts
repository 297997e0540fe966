import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSlackAdapter } from '../../adapters/slack/index.ts';
import type { Adapter } from '../../src/core/adapter.ts';
import { readSent } from '../../src/core/form-sent.ts';
import { createHouse, type House } from '../contract/adapter-harness.ts';
import { QUEUE, QUEUE_CARD, queueHandlers, refusal } from '../form-house.ts';
import { eventually } from '../helpers.ts';
import { startSlackServer } from '../servers/slack/index.ts';

const ADA = 'U0ADA';

interface Block {
  type: string;
  block_id: string;
  dispatch_action?: boolean;
  element?: { type: string; options?: { description?: { text: string } }[] };
}

describe('the form of a run in Slack', () => {
  let slack: Awaited<ReturnType<typeof startSlackServer>>;
  let house: House;
  let adapter: Adapter;
  let queue: string;

  beforeEach(async () => {
    slack = await startSlackServer({ users: [{ id: ADA, name: 'Ada' }] });
    queue = slack.channels.queue!;
    house = createHouse();
    adapter = createSlackAdapter(
      { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl },
      house.ports('slack', ADA, queue),
    );
    await adapter.start(queueHandlers(house));
    await eventually('both sockets', () => slack.sockets.count() === 2);
  });
  afterEach(async () => {
    await adapter.stop();
    await slack.stop();
    house.db.close();
  });

  const blocks = (id: string) => slack.views.get(id)!.blocks as unknown as Block[];
  const inputs = (id: string) =>
    blocks(id).flatMap(({ type, block_id }) => (type === 'input' ? block_id : []));
  async function open(): Promise<string> {
    const { id } = await adapter.post({ channel: queue }, QUEUE_CARD, 'card');
    const card = (await slack.timeline(queue)).find(({ ts }) => ts === id)!;
    await slack.press(ADA, queue, card, 'Queue a run');
    return (await eventually('the form', () => [...slack.views.values()][0])).id;
  }
  const choose = async (id: string, preset: string) => {
    await slack.actIn(ADA, id, { block: 'preset', value: preset });
    const isToy = () => inputs(id).includes('settings.depth');
    await eventually(
      'its settings',
      () => inputs(id).includes('settings.lr') && isToy() === (preset === 'toy'),
    );
  };
  /** What the house was asked for last, read as it reads it. */
  const asked = () => {
    const { input } = house.asked.at(-1)!;
    if (input.kind !== 'options') throw new Error('no form');
    const { named, assignments } = readSent(QUEUE.options, input.options);
    return { ...named, ...assignments };
  };

  it('lists presets with what each is, then asks for the settings of the one that is chosen', async () => {
    const id = await open();
    expect(inputs(id)).toEqual(['preset', 'hypothesis', 'expected']);
    const [preset] = blocks(id).filter(({ block_id }) => block_id === 'preset');
    expect(preset).toMatchObject({ dispatch_action: true, element: { type: 'static_select' } });
    expect(preset!.element!.options!.map(({ description }) => description!.text)).toEqual([
      'trains toy',
      'trains gpt',
    ]);
    slack.enter(id, { hypothesis: 'typed before' });
    await choose(id, 'toy');
    const settings = ['settings.lr', 'settings.depth', 'settings.opt', 'settings.amp'];
    expect(inputs(id)).toEqual(['preset', ...settings, 'hypothesis', 'expected']);
    const kinds = blocks(id).filter(({ block_id }) => settings.includes(block_id));
    expect(kinds.map(({ element }) => element!.type)).toEqual([
      'plain_text_input',
      'number_input',
      'static_select',
      'checkboxes',
    ]);
    await slack.submit(ADA, id, { 'settings.lr': '3e-4', 'settings.amp': '' });
    expect(asked()).toEqual({ preset: 'toy', hypothesis: 'typed before', lr: '3e-4', amp: 'false' });
  });

  it("takes another preset's own defaults, and what was typed for the one before where it has that too", async () => {
    const id = await open();
    await choose(id, 'toy');
    await choose(id, 'gpt');
    await slack.submit(ADA, id, {});
    // Its own default holds, which needs no saying.
    expect(asked()).toEqual({ preset: 'gpt' });
    slack.views.clear();
    const other = await open();
    await choose(other, 'toy');
    slack.enter(other, { 'settings.lr': '0.3' });
    await choose(other, 'gpt');
    await slack.submit(ADA, other, {});
    expect(asked()).toEqual({ preset: 'gpt', lr: '0.3' });
  });

  it('shows the rest when it is asked for, and keeps what was typed', async () => {
    const id = await open();
    await choose(id, 'toy');
    slack.enter(id, { 'settings.lr': '0.3', hypothesis: 'why' });
    await slack.actIn(ADA, id, { label: 'More options' });
    await eventually('the rest', () => inputs(id).includes('position'));
    expect(JSON.stringify(blocks(id))).not.toContain('More options');
    await choose(id, 'gpt');
    expect(inputs(id)).toContain('position');
    await slack.submit(ADA, id, { position: '1' });
    expect(asked()).toEqual({ preset: 'gpt', lr: '0.3', hypothesis: 'why', position: '1' });
  });

  it('says what is wrong with a setting beside it', async () => {
    const id = await open();
    await choose(id, 'toy');
    house.answers.push((_asked, give) => give(refusal('lr is "x"', 'settings.lr')));
    const { payload } = await slack.submit(ADA, id, { 'settings.lr': 'x' });
    expect(payload).toEqual({ response_action: 'errors', errors: { 'settings.lr': 'lr is "x"' } });
    house.answers.push((_asked, give) => give(refusal('name is taken', 'name')));
    const folded = await slack.submit(ADA, id, { hypothesis: 'why' });
    const { next } = folded as { next?: { id: string } };
    // Its field was folded: it is shown now, with what is wrong above them all, and nothing lost.
    expect(JSON.stringify(blocks(next!.id))).toContain('name is taken');
    expect(inputs(next!.id)).toContain('name');
    await slack.submit(ADA, next!.id, {});
    expect(asked()).toEqual({ preset: 'toy', lr: 'x', hypothesis: 'why' });
  });
});
