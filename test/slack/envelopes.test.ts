import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { type Chats, LATE, openChats } from '../platforms.ts';
import type { SlackMessage } from '../servers/slack/index.ts';

describe('what Slack sends on every socket', () => {
  let chats: Chats;
  let queue: string;
  const slack = () => chats.slack;
  const notes = () =>
    (chats.bot().app.parts.db.prepare('SELECT text FROM notes ORDER BY id').all() as { text: string }[]).map(
      ({ text }) => text,
    );
  const cardOf = (job: string): Promise<SlackMessage> =>
    eventually(`the card of ${job}`, async () =>
      (await slack().timeline(queue)).find(({ text }) => text.startsWith(`ToyRegression ${job}`)),
    );
  const privately = (words: string) => slack().ephemerals.filter(({ text }) => text.includes(words));
  /** Something that is asked after it and answered, so that what came before it twice would be there. */
  async function afterwards(count: number): Promise<void> {
    await slack().command('U0ADA', queue, 'health');
    await eventually('a later answer', () => privately('web').length === count);
  }

  beforeEach(async () => {
    chats = await openChats({ discord: false });
    queue = slack().channels.queue!;
    await chats.connected();
    await chats.show(LATE);
    slack().sockets.deliverEverywhere();
  });
  afterEach(() => chats.stop());

  it('is taken once, of every kind: command, mention, message, shortcut, form, button and list', async () => {
    await slack().command('U0ADA', queue, 'note 9 by command');
    await eventually('the first', () => notes().length === 1);
    await slack().mention('U0ADA', queue, 'note 9 by mention');
    await eventually('the second', () => notes().length === 2);
    await slack().direct('U0ADA', 'note 9 by message');
    await eventually('the third', () => notes().length === 3);
    const card = await cardOf('job-0000009');
    const said = await slack().say('U0ADA', queue, 'by shortcut', card.ts);
    await slack().shortcut('U0ADA', queue, said, 'save_as_note');
    await eventually('the fourth', () => notes().length === 4);
    await slack().press('U0ADA', queue, card, 'Note');
    const view = await eventually('the form', () => [...slack().views.values()][0]);
    expect(slack().views.size).toBe(1);
    await slack().submit('U0ADA', view.id, { text: 'by form' });
    await eventually('the fifth', () => notes().length === 5);
    await slack().press('U0ADA', queue, card, 'Logs');
    await slack().command('U0ADA', queue, '');
    const list = await eventually('the list', () => [...slack().views.values()][0]);
    const { next } = (await slack().submit('U0ADA', list.id, { command: 'note' })) as {
      next?: { id: string };
    };
    const offered = await slack().suggest('U0ADA', next!.id, 'job', '0009');
    expect(offered.map(({ value }) => value)).toEqual(['job-0000009']);
    await afterwards(1);
    expect(notes()).toEqual(['by command', 'by mention', 'by message', 'by shortcut', 'by form']);
    expect(privately('This task ran without output.').length).toBeLessThanOrEqual(1);
  });

  it('a form that is refused shows why, on whichever socket it was answered', async () => {
    await slack().press('U0ADA', queue, await cardOf('job-0000009'), 'Note');
    const view = await eventually('the form', () => [...slack().views.values()][0]);
    const { payload } = await slack().submit('U0ADA', view.id, { text: '\u0007' });
    expect(payload).toMatchObject({
      response_action: 'errors',
      errors: { text: expect.stringContaining('text') },
    });
    await slack().submit('U0ADA', view.id, { text: 'mended' });
    await eventually('the note', () => notes().length === 1);
  });

  it('two people who press at once cancel once, and the second is told by whom', async () => {
    const card = await cardOf('job-0000010');
    // Slack has said who both are, so that neither is held up by that.
    for (const user of ['U0ADA', 'U0ROOT']) {
      await slack().command(user, queue, 'jobs limit=1');
      await eventually('answered', () => slack().ephemerals.some(({ to }) => to === user));
    }
    await Promise.all([
      slack().press('U0ADA', queue, card, 'Cancel'),
      slack().press('U0ROOT', queue, card, 'Cancel'),
    ]);
    const told = await eventually('the second', () =>
      slack().ephemerals.find(({ text }) => /(Ada|Root) pressed this \d+ s ago/.test(text)),
    );
    expect(['U0ADA', 'U0ROOT']).toContain(told.to);
  });
});
