import type { Preset, PresetOption } from '../../src/core/preset.ts';
import { suggest } from '../../src/suggest/policy.ts';
import type { SuggestInput, Trial } from '../../src/suggest/types.ts';

/** What is asked of so many trials of a preset with these options. */
export const inputOf = (
  options: SuggestInput['options'],
  trials: readonly Trial[],
  more: Partial<SuggestInput> = {},
): SuggestInput => ({
  options,
  metric: 'loss',
  mode: 'min',
  target: null,
  trials,
  best: null,
  spent: null,
  dismissed: [],
  noise: null,
  ...more,
});

/** The options of a toy preset, of every type. */
export const OPTIONS: Record<string, PresetOption> = {
  learning_rate: { type: 'number', description: '', min: 1e-5, max: 1, default: '0.01' },
  width: { type: 'integer', description: '', min: 16, max: 512, default: '64' },
  warmup: { type: 'boolean', description: '', default: 'false' },
  optimizer: { type: 'choice', description: '', choices: ['adam', 'sgd', 'lion'], default: 'adam' },
  note: { type: 'text', description: '', default: 'x' },
};

export const preset: Preset = {
  name: 'toy',
  description: '',
  cwd: '/',
  argv: ['x'],
  options: OPTIONS,
  allowExtra: [],
};

/** What the preset takes of itself. */
export const DEFAULTS = { learning_rate: '0.01', width: '64', warmup: 'false', optimizer: 'adam', note: 'x' };

export const input = (trials: Trial[], more: Partial<SuggestInput> = {}): SuggestInput =>
  inputOf(OPTIONS, trials, more);

/** A trial of the toy preset, with what differs from its defaults. */
export const trial = (
  id: string,
  settings: Partial<typeof DEFAULTS>,
  value: number | null,
  status = 'completed',
): Trial => ({
  id,
  settings: { ...DEFAULTS, ...settings },
  value,
  status,
  endedAt: null,
});

/** How good settings are: best at a rate of 0.1 with warm-up. */
const truth = ({ learning_rate, width, warmup, optimizer }: Readonly<Record<string, string>>) =>
  (Math.log10(Number(learning_rate)) + 1) ** 2 +
  Math.abs(Number(width) - 256) / 500 +
  (warmup === 'true' ? 0 : 0.3) +
  (optimizer === 'lion' ? 0 : 0.2);

/** So many trials, each as it is suggested. */
export function searched(runs: number): Trial[] {
  const trials: Trial[] = [];
  while (trials.length < runs) {
    const [next] = suggest(input(trials), 1).suggestions;
    trials.push({
      id: `run-${trials.length + 1}`,
      settings: next!.settings,
      value: truth(next!.settings),
      status: 'completed',
      endedAt: trials.length,
    });
  }
  return trials;
}
