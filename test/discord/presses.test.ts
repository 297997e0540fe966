import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Adapter, Invocation } from '../../src/core/adapter.ts';
import { pressedOnce } from '../contract/adapter-asking.ts';
import { eventually } from '../helpers.ts';
import { type DiscordHouse, openDiscordHouse } from './house.ts';

let opened: DiscordHouse;
let adapter: Adapter;

beforeEach(async () => {
  opened = await openDiscordHouse();
  adapter = opened.create();
  await adapter.start(opened.house.handlers);
});
afterEach(() => opened.stop());

it('of two people who press at once one does it, and the other is told by whom', async () => {
  const { discord, house } = opened;
  const { ada, bea } = discord.people;
  const done: Invocation[] = [];
  const deed = pressedOnce(house, done);
  house.answers.push(deed, deed);
  const { id } = await adapter.post(
    { channel: discord.channels.queue },
    {
      blocks: [
        { kind: 'text', text: 'a card' },
        { kind: 'buttons', buttons: [{ label: 'Do it', command: 'tell', options: { text: 'x' } }] },
      ],
    },
    'card',
  );
  await Promise.all([discord.press(ada, id, 'Do it'), discord.press(bea, id, 'Do it')]);
  const told = await eventually('the second is told', () =>
    [ada, bea]
      .flatMap((user) => discord.ephemerals(user).map(({ seen }) => ({ user, text: seen.text })))
      .find(({ text }) => text.includes('pressed this')),
  );
  expect(done).toHaveLength(1);
  const [doer] = done;
  expect(told.user.id).not.toBe(doer!.account!.id);
  expect(told.text).toContain(`${doer!.person.name} pressed this`);
});
