import { expect, it } from 'vitest';
import { markdownText } from '../../src/core/markdown-text.ts';

it.each([
  ['an address without a scheme', '//example.org/x', '/\u200b/example.org/x'],
  ['a path with two strokes', 'runs//3', 'runs//3'],
  ['an emoji', ':smile:', ':\u200bsmile:'],
  ['an emoji that ends behind the text', 'note :smile', 'note :\u200bsmile'],
  ['an emoji with an underscore', ':_a_:', ':\u200b\\_a\\_:'],
  ['a time', '15:24:04', '15:24:04'],
  ['a line of signs of headings', '####', '\\####'],
  ['a heading that is closed', '## results ##', '\\## results \\##'],
  ['a number of an issue', 'as in #12', 'as in #12'],
])('%s is the text itself in Markdown', (_, text, written) => {
  expect(markdownText(text)).toBe(written);
});
