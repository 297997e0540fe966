import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';

export const ROOT = join(import.meta.dirname, '../..');

/** The pages that a user reads. */
export const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
]
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

export interface CodeBlock {
  path: string;
  /** What stands behind the fence; of an indented block nothing. */
  language: string;
  /** Without the line breaks that a backslash takes back. */
  body: string;
}

/** Every block of code of a page, wherever it stands, in order. */
export function codeBlocks({ path, text }: { path: string; text: string }): CodeBlock[] {
  return new MarkdownIt()
    .parse(text, {})
    .filter(({ type }) => type === 'fence' || type === 'code_block')
    .map(({ info, content }) => ({
      path,
      language: info.trim(),
      body: content.replace(/\\\n\s*/g, '').trim(),
    }));
}
