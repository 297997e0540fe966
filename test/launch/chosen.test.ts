import { expect, it } from 'vitest';
import { chosenText, launchText } from '../../src/core/chosen-settings.ts';
import { usualIn } from '../../src/launch/changes.ts';
import { toyBot } from '../toy-bot.ts';

const OPTIONS = {
  learning_rate: { type: 'number', description: '', default: '0.01' },
  hidden_dim: { type: 'integer', description: '', default: '32' },
  max_steps: { type: 'integer', description: '', default: '1000' },
  optimizer: { type: 'text', description: '', default: 'adam' },
} as const;

it('a setting is as in the preset by default however its number is written, and a text as it stands', () => {
  const assignments = {
    learning_rate: '1e-2',
    hidden_dim: '32',
    max_steps: '60',
    optimizer: 'Adam',
    seed: '1',
  };
  expect(usualIn(assignments, OPTIONS)).toEqual(['learning_rate', 'hidden_dim']);
  expect(chosenText({ assignments, usual: ['learning_rate', 'hidden_dim'] })).toEqual([
    { code: 'max_steps=60 optimizer=Adam seed=1' },
    " and the preset's defaults",
  ]);
  expect(chosenText({ assignments })).toEqual({
    code: 'learning_rate=1e-2 hidden_dim=32 max_steps=60 optimizer=Adam seed=1',
  });
  expect(chosenText({ assignments: { note: 'two words' } })).toEqual({ code: 'note="two words"' });
  expect(chosenText({ assignments: {} })).toBeNull();
  expect(launchText('toy', { assignments: { depth: '2' }, usual: ['depth'] })).toEqual([
    { bold: 'toy' },
    ' with ',
    "the preset's defaults",
  ]);
});

it('answers and cards show what was chosen, not what init wrote as defaults', async () => {
  const world = await toyBot({ settings: { presets: { toy: { options: OPTIONS } } }, launchedSeconds: 0.2 });
  try {
    const said = async (text: string) => await world.said(text);
    const queued = await said('queue toy max_steps=60');
    expect(queued).toContain("toy max_steps=60 and the preset's defaults");
    expect(queued).not.toContain('hidden_dim');
    expect(await said('plan toy learning_rate=0.010 hypothesis=x')).toContain(
      "toy with the preset's defaults",
    );
    const card = await said('job last');
    expect(card).toContain('max_steps=60');
    expect(card).not.toContain('hidden_dim=32');
  } finally {
    await world.stop();
  }
});
