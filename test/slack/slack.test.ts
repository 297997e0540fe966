import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enterWeb } from '../bot.ts';
import { eventually } from '../helpers.ts';
import { LATE } from '../platforms.ts';
import { finished } from '../states.ts';
import { openSlackBot, type SlackBot } from './bot.ts';

type Json = Record<string, unknown>;

describe('the bot in Slack', () => {
  let bot: SlackBot;
  beforeEach(async () => {
    bot = await openSlackBot();
  });
  afterEach(() => bot.chats.stop());

  it('has a card a job, with a thread of what happened, its ends in the channel too', async () => {
    const { chats, slack, queue, cardOf } = bot;
    await chats.show(LATE);
    const failed = await cardOf('job-0000008');
    const thread = await slack.replies(queue, failed.ts);
    expect(thread.map(({ text }) => text.split(',')[0])).toEqual([
      'job-0000008 queued by Root',
      'job-0000008 started',
      expect.stringContaining('failed'),
    ]);
    expect(thread.map(({ reply_broadcast }) => reply_broadcast)).toEqual([false, false, true]);
    expect(slack.seen(thread[2]!).notified).toEqual(['@U0ROOT']);
    const completed = await cardOf('job-0000006');
    const ending = (await slack.replies(queue, completed.ts)).at(-1)!;
    const image = (ending.blocks ?? []).find(({ type }) => type === 'image') as {
      slack_file: { id: string };
    };
    expect(slack.files.get(image.slack_file.id)).toMatchObject({ complete: true, shared: undefined });
    const headers = (completed.blocks ?? []).filter(({ type }) => type === 'header');
    expect(headers).toMatchObject([{ text: { text: '\u{1F7E2} ToyRegression job-0000006' } }]);
  });

  it('answers /xax within three seconds, with typed options however they are quoted', async () => {
    const { chats, slack, queue, lastPrivate } = bot;
    await chats.show(LATE);
    for (const [words, answer] of [
      ['status', 'Running job-0000009'],
      ['jobs failed limit=2', 'job-0000008'],
      ['jobs task=“toyregression” limit=1', 'job-0000011'],
      ['jobs\u00a0failed\u00a0limit=1', 'job-0000008'],
      ['jobs limit=0', 'limit is "0"; accepted: a whole number from 1'],
      ['statsu', 'Did you mean status?'],
      ['hypothesis add "a &amp; b &lt;c&gt;"', 'needs'],
    ] as const) {
      const { ackMs } = await slack.command('U0ADA', queue, words);
      expect(ackMs, words).toBeLessThan(3_000);
      if (answer !== 'needs') await lastPrivate(answer);
    }
    await eventually('the hypothesis', async () =>
      (await slack.timeline(queue)).some(({ text }) => text.includes('a &amp; b &lt;c&gt;')),
    );
  });

  it('acknowledges at once while Slack itself is slow to answer', async () => {
    const { slack, queue, lastPrivate } = bot;
    const answered = Promise.withResolvers<void>();
    slack.fault('users.info', { until: answered.promise });
    const { ackMs } = await slack.command('U0BEA', queue, 'status');
    // It was acknowledged before Slack said who asks.
    expect(ackMs).toBeLessThan(1_000);
    expect(slack.ephemerals).toEqual([]);
    answered.resolve();
    await lastPrivate('Queue');
  });

  it('opens the list of commands, then a form, which shows what is wrong with it', async () => {
    const { chats, slack, queue } = bot;
    await chats.show(LATE);
    await slack.command('U0ADA', queue, '');
    const list = await eventually('the list', () => [...slack.views.values()][0]);
    const chosen = (await slack.submit('U0ADA', list.id, { command: 'note' })) as {
      next?: Json & { id: string };
    };
    const wrong = await slack.submit('U0ADA', chosen.next!.id, { job: 'job-0000099', text: 'hm' });
    expect((wrong.payload.errors as Json).job).toContain('no job "job-0000099"');
    const offered = await slack.suggest('U0ADA', chosen.next!.id, 'job', '000000');
    expect(offered.map(({ value }) => value)).toContain('job-0000009');
    await slack.submit('U0ADA', chosen.next!.id, { job: 'job-0000009', text: 'the loss\njumps' });
    await eventually('the note', async () =>
      (await slack.timeline(queue)).some(
        ({ text }) => text.includes('note by Ada') && text.includes('jumps'),
      ),
    );
  });

  it('asks in words about the job of a button, and keeps the form open for what is refused', async () => {
    const { chats, slack, queue, cardOf, threadText } = bot;
    await chats.show(LATE);
    const card = await cardOf('job-0000006');
    const open = async () => {
      const before = new Set(slack.views.keys());
      await slack.press('U0ADA', queue, card, 'Verdict');
      return eventually('the form', () => [...slack.views.values()].find(({ id }) => !before.has(id)));
    };
    type Input = { type: string; block_id: string; label: { text: string } };
    const inputs = (view: Json) =>
      (view.blocks as Input[])
        .filter(({ type }) => type === 'input')
        .map(({ block_id, label }) => [block_id, label.text]);
    const first = await open();
    expect((first.title as Json).text).toBe('Verdict');
    expect(JSON.stringify(first.blocks)).toContain('Job: job-0000006');
    expect(JSON.stringify(first.blocks)).not.toContain('@17');
    expect(inputs(first)).toEqual([
      ['verdict', 'What the run showed'],
      ['result', 'What was seen'],
      ['next', 'What to do next'],
    ]);
    const late = await open();
    await slack.submit('U0ADA', first.id, { verdict: 'confirmed', result: 'it learns' });
    await eventually('the verdict', async () =>
      (await threadText(card)).includes('confirmed by Ada: it learns'),
    );
    const told = slack.ephemerals.length;
    const refused = await slack.submit('U0ADA', late.id, {
      verdict: 'refuted',
      result: 'on a closer look',
    });
    expect(refused.ackMs).toBeLessThan(3_000);
    // It is wrong with no field of this form.
    expect(refused.payload.response_action).toBe('update');
    expect(JSON.stringify(refused.payload.view)).toContain('Someone already wrote');
    expect(slack.ephemerals).toHaveLength(told);
    expect(inputs(await open()).map(([name]) => name)).toContain('replace');
  });

  it('takes a mention in a thread with its job implied, once', async () => {
    const { chats, slack, queue, cardOf, lastPrivate, threadText } = bot;
    await chats.show(LATE);
    const card = await cardOf('job-0000009');
    await slack.mention('U0ADA', queue, 'note looks “odd” to me', card.ts);
    await eventually('the note', async () => (await threadText(card)).includes('looks “odd” to me'));
    await slack.mention('U0ADA', queue, 'logs', card.ts);
    expect((await lastPrivate('job-0000009')).thread_ts).toBe(card.ts);
    await slack.mention('U0ADA', queue, 'kill', card.ts);
    const question = await lastPrivate('Kill job-0000009');
    expect(question.to).toBe('U0ADA');
    await slack.twice('U0ADA', queue, 'verdict 7 refuted it diverged');
    await eventually('the verdict', async () =>
      (await slack.timeline(queue)).some(({ text }) => text.includes('refuted by Ada: it diverged')),
    );
    const verdicts = (await slack.timeline(queue)).filter(({ text }) =>
      /: (confirmed|refuted|inconclusive) by Ada/.test(text),
    );
    expect(verdicts).toHaveLength(1);
  });

  it('gives strangers help and nothing else, and members what the channel says', async () => {
    const { chats, slack, queue, lastPrivate } = bot;
    await chats.show(LATE);
    await slack.command('U0BEA', queue, 'status');
    await lastPrivate('Running job-0000009');
    const refusals: [string, string, string][] = [
      ['U0BEA', queue, 'cancel 10'],
      ['U0GUS', queue, 'status'],
      ['U0EVE', queue, 'status'],
      ['U0ADA', slack.channels.elsewhere!, 'status'],
    ];
    for (const [user, channel, words] of refusals) {
      const before = slack.ephemerals.length;
      await slack.command(user, channel, words);
      const answer = await eventually('a refusal', () => slack.ephemerals[before]);
      expect(answer.text, `${user} ${words}`).toMatch(/needs the role|under channels:/);
    }
    await slack.command('U0GUS', queue, 'help');
    await lastPrivate('help');
    await slack.direct('U0BEA', 'status');
    const direct = await eventually('the direct answer', async () => {
      const channel = slack.directOf('U0BEA');
      return (
        channel !== undefined &&
        (await slack.timeline(channel)).find(({ text }) => text.includes('needs the role'))
      );
    });
    expect(direct.text).toContain('you have no role');
  });

  it('shows the board in the Home tab, and takes its buttons', async () => {
    const { chats, slack, queue } = bot;
    await chats.show(LATE);
    await slack.openHome('U0ADA');
    const home = await eventually('the Home tab', () => slack.homes.get('U0ADA'));
    expect(JSON.stringify(home)).toContain('job-0000009');
    await slack.press('U0ADA', queue, home, 'Queue a run');
    // Nothing is declared that could be queued.
    await eventually('the way to a preset', async () => {
      const direct = slack.directOf('U0ADA');
      const told = direct === undefined ? [] : await slack.timeline(direct);
      return told.some(({ text }) => text.includes('init --project'));
    });
    await slack.openHome('U0BEA');
    expect(JSON.stringify(await eventually('help', () => slack.homes.get('U0BEA')))).not.toContain(
      'job-0000009',
    );
  });

  it('tells subscribers privately when a job ends', async () => {
    const { chats, slack, queue, lastPrivate } = bot;
    await chats.show('029.json');
    await slack.command('U0ADA', queue, 'subscribe running');
    await lastPrivate('You will hear privately when job-');
    await slack.command('U0ROOT', queue, 'subscribe');
    await lastPrivate('when your jobs end');
    const state = LATE;
    await chats.show(state);
    const running = (await slack.timeline(queue)).find(({ text }) => text.includes('Running, started'))!;
    const job = /job-\d+/.exec(running.text)![0];
    chats.home.show(state, (text) => finished(text, job));
    const told = await eventually('the private message', async () => {
      const channel = slack.directOf('U0ROOT');
      return channel !== undefined && (await slack.timeline(channel)).find(({ text }) => text.includes(job));
    });
    expect(told.text).toContain('Completed');
  });

  it('makes a Slack account and a person one, when both sides say so', async () => {
    const { chats, slack, queue, lastPrivate } = bot;
    const reader = await enterWeb(chats.bot());
    const asked = await reader.post<{ reply: { data: { code: string } } }>('say', {
      channel: 'queue',
      text: '/xax link',
    });
    const { code } = asked.reply.data;
    await slack.command('U0BEA', queue, `link ${code}`);
    await lastPrivate('now confirms in the web chat that Bea (U0BEA in Slack) is theirs');
    await slack.command('U0BEA', queue, 'note 1 mine');
    await lastPrivate('your role is viewer');
    const { messages } = await eventually('the question', async () => {
      const found = await reader.get<{ messages: { message: unknown }[] }>('messages?channel=dm:root');
      return found.messages.length > 0 && found;
    });
    expect(JSON.stringify(messages)).toContain('Bea');
    await reader.post('act', { channel: 'dm:root', command: 'link', options: { action: 'confirm', code } });
    await slack.command('U0BEA', queue, 'note 1 mine');
    await eventually('she is root', async () =>
      (await slack.timeline(queue)).some(({ text }) => text.includes('Root: /xax note 1 mine')),
    );
  });

  it('answers a button with what is true now', async () => {
    const { chats, slack, queue, cardOf, lastPrivate, threadText } = bot;
    await chats.show(LATE);
    const card = await cardOf('job-0000010');
    chats.home.show(LATE, (text) => finished(text, 'job-0000010'));
    await chats.bot().app.settled();
    await slack.press('U0ADA', queue, card, 'Cancel');
    await eventually('the truth', async () =>
      (await threadText(card)).match(/Nothing was changed: job-0000010/),
    );
    const forged = {
      ...card,
      blocks: [
        {
          type: 'actions',
          elements: [
            {
              type: 'button',
              action_id: 'act:0',
              value: 'unknown',
              text: { type: 'plain_text', text: 'Old' },
            },
          ],
        },
      ],
    };
    await slack.press('U0ADA', queue, forged, 'Old');
    await lastPrivate('That button is too old');
  });
});
