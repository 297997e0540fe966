import { expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import type { Modal } from '../../src/core/adapter.ts';
import { formOf, withFormAgain } from '../../src/core/form.ts';
import { textMessage } from '../../src/core/message.ts';
import { labelOf } from '../../src/core/options.ts';
import { preset } from '../form-house.ts';

/** A modal's title and a field's label in Slack and Discord, the shorter of both. */
const TITLE_MAX = 24;
const LABEL_MAX = 45;

const command = (name: string) => COMMANDS.find((each) => each.name === name)!;

it('asks in words, and not again for the job that a button names', () => {
  const { title, description, fields, fixed, about } = formOf(command('verdict'), {
    job: 'gpu1/job-0000018@1795878416.704',
  });
  expect([title, description]).toEqual(['Verdict', command('verdict').summary]);
  expect(Object.entries(fields).map(([name, { label }]) => [name, label])).toEqual([
    ['verdict', 'What the run showed'],
    ['result', 'What was seen'],
    ['replace', 'Replace the earlier verdict'],
    ['next', 'What to do next'],
  ]);
  expect(fixed).toEqual({ job: 'gpu1/job-0000018@1795878416.704' });
  expect(about).toEqual([{ label: 'Job', text: 'job-0000018' }]);
});

it('asks for what is settled only where nothing settles it', () => {
  const suggested = { preset: 'toy', settings: 'a=1\nb=2', about: 'a' };
  expect(formOf(command('dismiss'), suggested)).toMatchObject({
    title: 'Dismiss',
    fixed: suggested,
    about: [
      { label: 'Preset', text: 'toy' },
      { label: 'Settings', text: 'a=1 b=2' },
      { label: 'About', text: 'a' },
    ],
  });
  expect(Object.keys(formOf(command('dismiss'), suggested).fields)).toEqual(['reason']);
  expect(Object.keys(formOf(command('dismiss'), {}).fields)).toEqual([
    'preset',
    'settings',
    'reason',
    'about',
  ]);
});

it('leaves out what would change nothing, unless it is given', () => {
  const names = (given: Record<string, string>) =>
    Object.keys(formOf(command('verdict'), given, { useless: ['replace'] }).fields);
  expect(names({})).not.toContain('replace');
  expect(names({ replace: 'true' })).toContain('replace');
});

const TOY = preset(
  'toy',
  {
    lr: { type: 'number', description: 'step size', min: 0.001, max: 1, default: '0.01' },
    depth: { type: 'integer', description: '', min: 1 },
    opt: { type: 'choice', description: 'which', choices: ['adam', 'sgd'], default: 'sgd' },
    amp: { type: 'boolean', description: 'half precision', default: 'true' },
    ema: { type: 'boolean', description: '' },
    note: { type: 'text', description: '' },
  },
  { allowExtra: ['optim.beta'] },
);
const GPT = preset('gpt', { layers: { type: 'integer', description: '', default: '6' } });

it('asks for a preset first, from a list with what each is, and then for its own settings', () => {
  const first = formOf(command('queue'), {}, { presets: [TOY, GPT], useless: ['replace'] });
  expect(first.fields.preset).toMatchObject({
    type: 'choice',
    required: true,
    choices: ['toy', 'gpt'],
    described: { toy: 'trains toy' },
  });
  const shown = ({ fields, folded }: Modal) => Object.keys(fields).filter((name) => !folded.includes(name));
  expect(shown(first)).toEqual(['preset', 'hypothesis', 'expected']);
  expect(first.shaping).toEqual(['preset', 'experiment']);
  const toy = formOf(command('queue'), { preset: 'toy' }, { presets: [TOY, GPT], useless: ['replace'] });
  expect(shown(toy)).toEqual([
    'preset',
    'settings.lr',
    'settings.depth',
    'settings.opt',
    'settings.amp',
    'settings.ema',
    'settings.note',
    'hypothesis',
    'expected',
  ]);
  expect(toy.folded).toEqual(['settings', 'position', 'parent', 'experiment', 'name', 'after']);
  expect(toy.values).toEqual({
    preset: 'toy',
    'settings.lr': '0.01',
    'settings.opt': 'sgd',
    'settings.amp': 'true',
  });
  expect(toy.fields).toMatchObject({
    'settings.lr': {
      type: 'number',
      min: 0.001,
      max: 1,
      required: true,
      label: 'lr',
      description: 'step size; from 0.001 to 1; default 0.01',
    },
    'settings.depth': {
      type: 'integer',
      required: false,
      description: "whole number from 1; empty: the task's own default",
    },
    'settings.amp': { type: 'boolean' },
    // Not set is neither.
    'settings.ema': { type: 'choice', choices: ['true', 'false'], required: false },
  });
});

it('asks for no preset where there is one, and names it', () => {
  const form = formOf(command('plan'), {}, { presets: [GPT] });
  expect(form).toMatchObject({
    submitLabel: 'Plan run',
    fixed: { preset: 'gpt' },
    about: [{ label: 'Preset', text: 'gpt' }],
    values: { 'settings.layers': '6' },
  });
  expect(Object.keys(form.fields)).not.toContain('settings');
});

it('shows what was planned over the defaults, and what was given over both', () => {
  const standing = { preset: 'toy', 'settings.lr': '0.3', hypothesis: 'higher is faster' };
  const given = { experiment: 'faster', 'settings.opt': 'adam' };
  const form = formOf(command('queue'), given, { presets: [TOY, GPT], standing });
  expect(form.values).toMatchObject({
    'settings.lr': '0.3',
    'settings.opt': 'adam',
    hypothesis: 'higher is faster',
    experiment: 'faster',
  });
  expect(form.folded).not.toContain('experiment');
});

it('comes back with all that was typed, what was emptied too, and says what was wrong where it was', () => {
  const opened = formOf(
    command('experiment'),
    { action: 'edit', experiment: 's/a' },
    { standing: { next: 'x' } },
  );
  const sent = { ...opened.fixed, hypothesis: 'why', next: '' };
  const refused = withFormAgain(
    {
      message: textMessage('no #a', 'warning'),
      visibility: 'private',
      ok: false,
      final: true,
      errorCode: 'no-such-tag',
      errorOption: 'hypothesis',
    },
    { command: 'experiment', options: sent },
  );
  const [button] = refused.message.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
  // Somebody else has written there meanwhile: what is compared is what this one was shown.
  const again = formOf(command('experiment'), button!.options, { standing: { next: 'y' } });
  expect(again.values).toEqual({ hypothesis: 'why' });
  expect(again.problem).toEqual({ text: 'no #a', field: 'hypothesis' });
  expect(again.fixed).toEqual(opened.fixed);
});

it('of a command with actions it asks for what the one takes that is named', () => {
  const edit = formOf(command('experiment'), { action: 'edit', experiment: 's/a' });
  expect(edit).toMatchObject({
    title: 'Edit experiment',
    submitLabel: 'Save experiment',
    fixed: { action: 'edit', experiment: 's/a' },
    about: [{ label: 'Experiment', text: 's/a' }],
  });
  expect(Object.keys(edit.fields).filter((name) => !edit.folded.includes(name))).toEqual([
    'hypothesis',
    'result',
    'next',
    'note',
  ]);
  expect(edit.fields.next!.description).toBe('what to do next');
  const usual = formOf(command('experiment'), {});
  expect(usual).toMatchObject({ title: 'Experiment', values: { action: 'list' }, shaping: ['action'] });
  expect(Object.keys(usual.fields)).not.toContain('untag');
});

it('says on its button what it does, shorter than any platform cuts', () => {
  for (const each of COMMANDS)
    for (const action of [undefined, ...Object.keys(each.options.action ? (each.actions ?? {}) : {})]) {
      const { submitLabel, title } = formOf(each, action === undefined ? {} : { action });
      expect([submitLabel.length <= TITLE_MAX, title.length <= TITLE_MAX], submitLabel).toEqual([true, true]);
      expect(['Send', 'Submit', 'Cancel', 'OK']).not.toContain(submitLabel);
    }
});

it('has a title and labels that every platform shows whole', () => {
  for (const each of COMMANDS) {
    expect(formOf(each, {}).title.length, each.name).toBeLessThanOrEqual(TITLE_MAX);
    for (const [name, spec] of Object.entries(each.options))
      expect(labelOf(name, spec).length, `${each.name} ${name}`).toBeLessThanOrEqual(LABEL_MAX);
  }
});
