/** What people, logs, metric tags and hypotheses may hold: nothing of it may act in a chat. */
export const HOSTILE: readonly string[] = [
  '@everyone and @here and @channel',
  '<!channel> <!here> <!everyone> <!subteam^S123>',
  '<@U0ADA> <@111111111111111111> <@!111111111111111111> <@&222222222222222222> <#C0QUEUE> <#333333333333333333>',
  'see https://evil.example/?q=1 and http://evil.example',
  '<https://evil.example|click here> [click here](https://evil.example) <https://evil.example>',
  '*bold* _italic_ ~struck~ `code` **bold** __under__ ~~struck~~ ||spoiler||',
  '```\nnot a block\n```',
  '# heading\n## smaller\n-# small\n> quoted\n>>> all quoted\n- list\n* list\n1. list',
  '</status:123456789012345678> <t:1700000000:R> <:smile:123456789012345678> <a:dance:123456789012345678>',
  '&lt;!channel&gt; &amp;lt; &#60;@U0ADA&#62;',
  '\\*not\\* \\<@U0ADA> \\\\',
  '<script>alert(1)</script> javascript:alert(1) =1+1',
  '\u202eright to left\u202c \u200bzero width',
  'mailto:ada@example.org ada@example.org',
];
