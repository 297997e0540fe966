import MarkdownIt from 'markdown-it';

/** What a reader of a Markdown file sees of it. */
export interface MarkdownPage {
  text: string;
  /** What is drawn as something else than words, by its kind: `link`, `image`, `html`, `mention`. */
  drawn: string[];
}

/** Blocks and cells, which are the document's own; whoever reads counts them. */
const STRUCTURE =
  /^(paragraph|heading|bullet_list|list_item|table|thead|tbody|tr|th|td|inline|text)(_open|_close)?$/;

/**
 * Reads a file as the preview of an editor does, which lets HTML through and makes links of addresses (VS Code: markdown-it with `html`,
 * `linkify`, and no links of bare names), and looks in its words for what GitHub makes of them afterwards: mentions, emoji, formulas.
 */
export function markdownPage(source: string): MarkdownPage {
  const reader = MarkdownIt({ html: true, linkify: true });
  reader.linkify.set({ fuzzyLink: false });
  const drawn: string[] = [];
  let text = '';
  for (const token of reader.parse(source, {})) {
    if (!STRUCTURE.test(token.type)) drawn.push(token.type);
    if (/^(tr|list_item|heading|paragraph)_close$/.test(token.type)) text += '\n';
    if (token.type === 'td_close' || token.type === 'th_close') text += ' ';
    for (const child of token.children ?? []) {
      if (child.type === 'text' || child.type === 'text_special') text += child.content;
      else {
        drawn.push(child.type);
        text += ` ${child.content} `;
      }
    }
  }
  if (/(?<![\w`/])@[A-Za-z0-9][A-Za-z0-9-]*/.test(text)) drawn.push('mention');
  if (/[\w.+-]@[\w-]+\.[\w-]+/.test(text)) drawn.push('address');
  if (/(?<![A-Za-z0-9])(?:www\.|https?:\/\/)[^\s<]/i.test(text)) drawn.push('link of GitHub');
  if (/:(?:[+-]1|100|1234|[0-9_+-]*[a-z][a-z0-9_+-]*):/.test(text)) drawn.push('emoji');
  if (/(?<!\\)\$[^\s$]/.test(source.replaceAll('\\\\', ''))) drawn.push('formula');
  return { text, drawn };
}
