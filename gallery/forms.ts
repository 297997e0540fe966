import { COMMANDS } from '../commands/index.ts';
import type { Modal } from '../src/core/adapter.ts';
import { type FormSurroundings, formOf } from '../src/core/form.ts';
import { PROBLEM, PROBLEM_OPTION } from '../src/core/form-sent.ts';
import type { Preset } from '../src/core/preset.ts';

/** A form of the gallery, and the state that it is of. */
export interface FormSample {
  name: string;
  modal: Modal;
}

const PRESETS: readonly Preset[] = [
  {
    name: 'toy',
    description: 'a small regression',
    cwd: '/home/ada/proj',
    argv: ['python', '-m', 'examples.toy'],
    options: {
      learning_rate: { type: 'number', description: 'step size', default: '0.01' },
      optimizer: { type: 'choice', description: 'how it steps', choices: ['adam', 'sgd'], default: 'adam' },
      batch_size: { type: 'integer', description: 'samples of a step', min: 1, max: 4096, default: '32' },
      amp: { type: 'boolean', description: 'in half precision', default: 'true' },
    },
    allowExtra: ['seed'],
  },
  {
    name: 'gpt',
    description: 'a small language model',
    cwd: '/home/ada/proj',
    argv: ['python', '-m', 'examples.gpt'],
    options: {},
    allowExtra: ['*'],
  },
];
const JOB = 'gpu1/job-0000042@1795447056';
const PRESET = { preset: 'toy', hypothesis: 'a higher rate gets further in the same steps' };

/** The forms that people fill in most, new, half filled in and refused. */
export function formSamples(): FormSample[] {
  const form = (name: string, command: string, given = {}, around: FormSurroundings = {}): FormSample => ({
    name,
    modal: formOf(COMMANDS.find((each) => each.name === command)!, given, { presets: PRESETS, ...around }),
  });
  return [
    form('Queue, before a preset is chosen', 'queue'),
    form('Queue, with a preset', 'queue', PRESET),
    form('Queue, refused for a field', 'queue', {
      ...PRESET,
      name: '../up',
      [PROBLEM]:
        '"../up" cannot name an experiment: letters, digits, ".", "_" and "-", a letter or a digit first.',
      [PROBLEM_OPTION]: 'name',
    }),
    form('Queue, refused for none of them', 'queue', {
      ...PRESET,
      [PROBLEM]: 'The queue on gpu1 takes no jobs while its state file is broken.',
    }),
    form('Verdict', 'verdict', { job: JOB }),
    form(
      'Verdict, of one that has a verdict',
      'verdict',
      { job: JOB },
      {
        standing: { verdict: 'confirmed', summary: 'no spikes, and 4% better' },
      },
    ),
    form('Note', 'note', { job: JOB }),
    form(
      'Experiment, edited',
      'experiment',
      { action: 'edit', experiment: 'lr-study/warm-up-500' },
      {
        standing: { hypothesis: 'A warm-up of 500 steps lets the rate be twice as high.', tag: '' },
      },
    ),
    form('Hypothesis', 'hypothesis', { action: 'add' }),
  ];
}
