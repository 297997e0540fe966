import { expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { formOf } from '../../src/core/form.ts';
import { labelOf } from '../../src/core/options.ts';

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

it('has a title and labels that every platform shows whole', () => {
  for (const each of COMMANDS) {
    expect(formOf(each, {}).title.length, each.name).toBeLessThanOrEqual(TITLE_MAX);
    for (const [name, spec] of Object.entries(each.options))
      expect(labelOf(name, spec).length, `${each.name} ${name}`).toBeLessThanOrEqual(LABEL_MAX);
  }
});
