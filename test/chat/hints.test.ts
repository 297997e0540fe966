import { expect, it } from 'vitest';
import { ADAPTERS } from '../../adapters/registry.ts';
import { COMMANDS } from '../../commands/index.ts';
import type { Command } from '../../src/core/command.ts';
import { createTyping } from '../../src/core/command-line.ts';
import { forReaders } from '../../src/core/for-readers.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { ADA, toyBot } from '../toy-bot.ts';

const typing = createTyping(new Map(ADAPTERS.map((kind) => [kind.name, kind])), COMMANDS);

/** What a command answers with this data, as it is read at an adapter. */
function shownAt(adapter: string, name: string, data: unknown): string {
  const command = COMMANDS.find((each) => each.name === name) as Command;
  return plainText(forReaders(command.view(data, { now: 0 }), typing, adapter));
}

it('a code to link accounts is given as it is typed in each other app', async () => {
  const world = await toyBot();
  const said = async (adapter: string) =>
    (await world.said('link', ADA, { adapter })).replace(/[0-9A-Z]{10}/g, 'CODE');
  expect(await said('slack')).toContain(
    'send: /xax link CODE (the web chat); /xax-more link CODE (Discord); link CODE (the terminal). Then',
  );
  expect(await said('terminal')).toContain('send: /xax link CODE (the web chat, Slack); /xax-more link CODE');
  await world.stop();
});

it('what a command answers names commands as they are typed where it is read', () => {
  const none = { session: 's', preset: 'toy', stop: null, suggestions: [], none: '"metrics" shows which' };
  expect(shownAt('slack', 'suggest', none)).toContain('"/xax metrics" shows which.');
  expect(shownAt('terminal', 'suggest', none)).toContain('"metrics" shows which.');
  const refused = {
    state: 'refused',
    preset: 'toy',
    assignments: {},
    reason: '"queue experiment=e1" launches it.',
  };
  expect(shownAt('slack', 'queue', refused)).toContain('"/xax queue experiment=e1" launches it.');
  const items = [
    { name: 'observer', ok: false, detail: 'start it with "observer start"; "port" is "taken"' },
  ];
  expect(shownAt('slack', 'health', { items })).toContain(
    'start it with "/xax observer start"; "port" is "taken"',
  );
});
