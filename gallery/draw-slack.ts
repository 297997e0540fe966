import type { AnyBlock, KnownBlock, ModalView, RichTextElement } from '@slack/types';
import { box, html, labelled } from './words.ts';

/** Blocks about as Slack draws them; `picture`: where an uploaded image lies. */
export function drawSlack(blocks: readonly AnyBlock[], picture: string): string {
  return blocks.map((block) => drawBlock(block as KnownBlock, picture)).join('\n');
}

/** A form about as Slack draws it. */
export function drawSlackForm({ title, blocks, submit, close }: ModalView): string {
  return `<div class="form"><h4>${html(title.text)}</h4>${drawSlack(blocks, '')}
<p class="row end"><span class="button">${html(close?.text ?? '')}</span><span class="button good">${html(submit?.text ?? '')}</span></p></div>`;
}

function drawBlock(block: KnownBlock, picture: string): string {
  switch (block.type) {
    case 'header':
      return `<h4>${drawMarks(html(block.text.text))}</h4>`;
    case 'rich_text':
      return block.elements
        .map((each) => {
          const inner = (each.elements as RichTextElement[]).map(drawElement).join('');
          return each.type === 'rich_text_preformatted' ? `<pre>${inner}</pre>` : `<p>${inner}</p>`;
        })
        .join('');
    case 'section':
      return `<p>${html(block.text?.text ?? '')}</p>`;
    case 'context':
      return `<p class="hint">${block.elements.map((each) => ('text' in each ? html(each.text) : '')).join(' ')}</p>`;
    case 'divider':
      return '<hr>';
    case 'image':
      return `<img src="${picture}" alt="${html(block.alt_text)}">`;
    case 'actions':
      return `<p class="row">${block.elements
        .map((each) =>
          each.type === 'button'
            ? `<span class="button ${each.style ?? ''}">${html(each.text.text)}</span>`
            : '',
        )
        .join('')}</p>`;
    case 'table':
      return `<div class="wide"><table>${block.rows
        .map((row) => `<tr>${row.map((cell) => `<td><div>${drawCell(cell)}</div></td>`).join('')}</tr>`)
        .join('')}</table></div>`;
    case 'input':
      return labelled(
        block.label.text,
        block.optional !== true,
        block.hint?.text ?? '',
        drawInput(block.element as unknown as Input),
      );
    default:
      return `<p class="hint">${html(JSON.stringify(block))}</p>`;
  }
}

function drawCell(cell: unknown): string {
  const { elements = [] } = cell as { elements?: { elements: RichTextElement[] }[] };
  return elements.flatMap((each) => each.elements.map(drawElement)).join('');
}

function drawElement(element: RichTextElement): string {
  switch (element.type) {
    case 'text': {
      const { bold, code } = element.style ?? {};
      const text = html(element.text);
      return code ? `<code>${text}</code>` : bold ? `<b>${text}</b>` : text;
    }
    case 'emoji':
      return drawMarks(EMOJI[element.name] ?? `:${element.name}:`);
    case 'link':
      return `<a>${html(element.text ?? element.url)}</a>`;
    case 'user':
      return '<a>@Ada</a>';
    case 'date':
      return html(element.fallback ?? '');
    default:
      return html(JSON.stringify(element));
  }
}

/** Slack's names of the characters that mark a tone. */
const EMOJI: Readonly<Record<string, string>> = {
  large_blue_circle: '\u{1F535}',
  large_green_circle: '\u{1F7E2}',
  warning: '\u26A0\uFE0F',
  red_circle: '\u{1F534}',
};

/** The round ones in Slack's colours, as not every machine has a font for them. */
const ROUND: Readonly<Record<string, string>> = {
  '\u{1F535}': '#0a6ebd',
  '\u{1F7E2}': '#2bac76',
  '\u{1F534}': '#dd2e44',
};

function drawMarks(text: string): string {
  return text.replace(
    /[\u{1F535}\u{1F7E2}\u{1F534}]/gu,
    (character) => `<span class="mark" style="background:${ROUND[character]}"></span>`,
  );
}

interface Named {
  text: { text: string };
}
interface Input {
  type: string;
  multiline?: boolean;
  initial_value?: string;
  initial_option?: Named;
  options?: Named[];
  initial_options?: Named[];
}

function drawInput({
  type,
  multiline,
  initial_value,
  initial_option,
  options,
  initial_options,
}: Input): string {
  if (type === 'checkboxes')
    return `<div>${initial_options ? '\u2611' : '\u2610'} ${html(options?.[0]?.text.text ?? '')}</div>`;
  if (type.endsWith('_select')) return box('list', initial_option?.text.text ?? '', 'Select an option');
  return box(multiline ? 'lines' : 'line', initial_value ?? '');
}
