import { expect, it } from 'vitest';
import { formOf as discordForm } from '../../adapters/discord/forms.ts';
import { formSamples } from '../../gallery/forms.ts';
import { createActions } from '../../src/store/actions.ts';
import { openDb } from '../../src/store/db.ts';
import { temporaryFolder } from '../helpers.ts';

it('a form says what was wrong with a field that shares the last input', () => {
  const db = openDb(temporaryFolder());
  const { modal } = formSamples().find(({ name }) => name === 'Queue, refused for a field')!;
  const form = discordForm(modal, { actions: createActions(db, Date.now), opening: '1' });
  expect(form.components.at(-1)).toMatchObject({
    label: 'More',
    description: expect.stringContaining('⚠️ "../up" cannot name an experiment'),
  });
  db.close();
});
