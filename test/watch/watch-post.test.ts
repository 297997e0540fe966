import { expect, it } from 'vitest';
import { watchPost } from '../../src/cards/watch-post.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { HOST_CONDITIONS, WATCH_CONDITIONS, type WatchNews, type WatchRule } from '../../src/core/watch.ts';
import { house, MINUTE } from './house.ts';

it('what is said names the owner, has buttons that say which job, and none when it is over', () => {
  const { world } = house();
  const news: WatchNews = {
    rule: { name: 'nan', when: 'nan' },
    job: world.job,
    words: 'value/loss is NaN, since step 30',
    since: world.now,
    over: false,
    chart: null,
  };
  const post = watchPost(news, world.now, { name: 'job-0000007', owner: { id: 'ada', name: 'Ada' } });
  expect(plainText(post)).toContain('job-0000007: value/loss is NaN, since step 30 (watch nan) @Ada');
  const key = `host/job-0000007@${world.job.enqueuedAt}`;
  const buttons = post.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
  expect(buttons.map(({ command, options }) => [command, options.job])).toEqual([
    ['kill', key],
    ['watch', key],
    ['note', key],
  ]);
  const over = watchPost({ ...news, over: true }, world.now + 3 * MINUTE, {
    name: 'job-0000007',
    owner: { id: 'ada', name: 'Ada' },
  });
  expect(plainText(over)).toBe('job-0000007: watch nan is over after 3 min: its metrics are finite again.');
});

it('the end of an episode of every kind says that it is over and what is so again, and not the alarm', () => {
  const { world } = house();
  for (const when of WATCH_CONDITIONS) {
    const rule: WatchRule = {
      name: 'x',
      when,
      ...(when === 'above' || when === 'below' ? { value: 5 } : {}),
    };
    const job = HOST_CONDITIONS.includes(when) ? null : world.job;
    const news = { rule, job, words: 'THE ALARM', since: world.now, over: true, chart: null };
    const text = plainText(watchPost(news, world.now + 3 * MINUTE));
    expect(text, when).toMatch(/^Watch x is over after 3 min: .*(again|no longer|any more|come back).*\.$/);
    expect(text, when).not.toContain('THE ALARM');
    // A clock that was set back makes no negative duration.
    expect(plainText(watchPost(news, world.now - MINUTE)), when).not.toMatch(/-\d/);
  }
});
