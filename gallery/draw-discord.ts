import {
  type APIContainerComponent,
  type APIModalInteractionResponseCallbackData,
  ButtonStyle,
  ComponentType,
  TextInputStyle,
} from 'discord-api-types/v10';
import markdownIt from 'markdown-it';
import { formatTime } from '../src/core/plain-text.ts';
import { box, html, labelled } from './words.ts';

const markdown = markdownIt({ breaks: true });

/** A container about as Discord draws it; `picture`: where an attached image lies. */
export function drawDiscord({ components, accent_color }: APIContainerComponent, picture: string): string {
  const colour = accent_color == null ? 'transparent' : `#${accent_color.toString(16).padStart(6, '0')}`;
  return `<div class="container" style="border-left-color:${colour}">${components
    .map((component) => {
      switch (component.type) {
        case ComponentType.TextDisplay:
          return drawMarkdown(component.content);
        case ComponentType.MediaGallery:
          return `<img src="${picture}" alt="${html(component.items[0]?.description ?? '')}">`;
        case ComponentType.File:
          return `<p class="file">${html(component.file.url.replace('attachment://', ''))}</p>`;
        case ComponentType.Separator:
          return '<hr>';
        case ComponentType.ActionRow:
          return `<p class="row">${component.components
            .map((each) =>
              each.type === ComponentType.Button
                ? `<span class="button ${BUTTONS[each.style] ?? ''}">${html('label' in each ? (each.label ?? '') : '')}</span>`
                : '',
            )
            .join('')}</p>`;
        default:
          return `<p>${html(JSON.stringify(component))}</p>`;
      }
    })
    .join('\n')}</div>`;
}

const BUTTONS: Partial<Record<ButtonStyle, string>> = {
  [ButtonStyle.Primary]: 'primary',
  [ButtonStyle.Danger]: 'danger',
};

/** A form about as Discord draws it. */
export function drawDiscordForm({ title, components }: APIModalInteractionResponseCallbackData): string {
  const items = components.map((item) => {
    if (item.type === ComponentType.TextDisplay) return drawMarkdown(item.content);
    if (item.type !== ComponentType.Label) return `<p>${html(JSON.stringify(item))}</p>`;
    const { label, description = '', component } = item;
    const isNeeded = 'required' in component && component.required === true;
    return labelled(label, isNeeded, description, drawInput(component));
  });
  return `<div class="form"><h4>${html(title)}</h4>${items.join('\n')}
<p class="row end"><span class="button">Cancel</span><span class="button primary">Submit</span></p></div>`;
}

type Input = Extract<
  APIModalInteractionResponseCallbackData['components'][number],
  { type: ComponentType.Label }
>['component'];

function drawInput(input: Input): string {
  switch (input.type) {
    case ComponentType.TextInput:
      return box(
        input.style === TextInputStyle.Paragraph ? 'lines' : 'line',
        input.value ?? '',
        input.placeholder ?? '',
      );
    case ComponentType.StringSelect:
      return box('list', input.options.find((each) => each.default)?.label ?? '', 'Make a selection');
    case ComponentType.Checkbox:
      return `<div>${input.default ? '\u2611' : '\u2610'}</div>`;
    default:
      return html(JSON.stringify(input));
  }
}

/** Discord's markdown: its own tags are read before the rest, and small print is its own. */
function drawMarkdown(content: string): string {
  const plain = content
    .replace(/<t:(\d+):\w>/g, (_, seconds) => `${formatTime(Number(seconds) * 1000, 'datetime')} UTC`)
    .replace(/<@\d+>/g, '@Ada')
    .replace(/^-# (.*)$/gm, '_$1_');
  return markdown.render(plain);
}
