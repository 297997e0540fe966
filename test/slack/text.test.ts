import { describe, expect, it } from 'vitest';
import { fromSlackText, textElements, toSlackText } from '../../adapters/slack/text.ts';

const nameOf = (account: string) => ({ U0ADA: 'Ada' })[account];
const typed = (text: string) => fromSlackText(text, nameOf);

describe('what was typed, out of what Slack sends', () => {
  it.each([
    ['loss <0.2 and acc >0.9', 'loss <0.2 and acc >0.9'],
    ['loss &lt;0.2 and acc &gt;0.9', 'loss <0.2 and acc >0.9'],
    ['a<b>c <T> <div> <-> <=>', 'a<b>c <T> <div> <-> <=>'],
    ['x<@ 3> <# 4> <!> <!important>', 'x<@ 3> <# 4> <!> <!important>'],
    ['&amp;lt;b&amp;gt; &amp;amp;', '&lt;b&gt; &amp;'],
    ['<@U0ADA> and <@U0ADA|ada.l> know', '@Ada and @Ada know'],
    ['<@U0EVE|eve> and <@U0GUS>', '@eve and @U0GUS'],
    ['&lt;@U0ADA&gt;', '<@U0ADA>'],
    ['in <#C0QUEUE|queue>, <#C0QUEUE|> and <#C0QUEUE>', 'in #queue, #C0QUEUE and #C0QUEUE'],
    ['<!here> <!channel> <!everyone|@everyone>', '@here @channel @everyone'],
    ['<!subteam^S0DEVS|@devs> <!subteam^S0DEVS>', '@devs @S0DEVS'],
    ['<!date^1700000000^{date}|14 Nov> <!date^1700000000^{date}>', '14 Nov 2023-11-14 22:13:20 UTC'],
    ['<https://a.example/b?c=1&amp;d=2>', 'https://a.example/b?c=1&d=2'],
    ['<http://a.example|a.example> <https://a.example/|https://a.example>', 'a.example https://a.example'],
    ['see <https://a.example/run/7|the run>', 'see the run (https://a.example/run/7)'],
    [
      '<mailto:ada@example.org|ada@example.org> <mailto:ada@example.org|her>',
      'ada@example.org her (ada@example.org)',
    ],
    ['<tel:+4912345|+49 12345>', '+49 12345 (+4912345)'],
    [':shipit: :+1::skin-tone-3:', ':shipit: :+1::skin-tone-3:'],
    ['*bold* _it_ `code` ~no~', '*bold* _it_ `code` ~no~'],
  ])('%s', (sent, kept) => {
    expect(typed(sent)).toBe(kept);
    // What is kept is shown as it stands, in elements and in the text of notifications.
    expect(textElements(kept, { accountOf: () => 'U0ADA' })).toEqual([{ type: 'text', text: kept }]);
    expect(typed(toSlackText(kept))).toBe(kept);
  });

  it('takes no time over what is made to take it', () => {
    const began = process.cpuUsage();
    for (const hostile of ['<', '<@U', '<!', '<https://a|', '&lt', '<@U1|<'])
      expect(typed(hostile.repeat(40_000)).length).toBeGreaterThanOrEqual(40_000);
    expect(process.cpuUsage(began).user / 1_000).toBeLessThan(2_000);
  });
});
