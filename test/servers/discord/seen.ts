import { FLAGS } from './bits.ts';
import { flatten, TYPE } from './components.ts';
import { isJson, type Json } from './form.ts';
import { markdown } from './markdown.ts';
import type { Notified, StoredMessage } from './world.ts';

/** What a person would see of a message, and what it would set off. */
export interface Seen {
  /** All texts in reading order, one a line, markup consumed. */
  text: string;
  notified: Notified;
  links: { label: string; url: string }[];
  /** Links that Discord would fetch and show a preview of. */
  previews: string[];
  /** Mentions, emoji and commands drawn as such, as written. */
  pills: string[];
  /** Sorted names of the formattings met. */
  formatting: string[];
  embedsSuppressed: boolean;
  silent: boolean;
  /** Labels of buttons, links with their URL. */
  buttons: { label: string; customId: string | null; url: string | null; disabled: boolean }[];
  files: string[];
}

/** Renders a stored message as Discord's apps would. */
export function seenOf(message: StoredMessage): Seen {
  const embedsSuppressed = (message.flags & FLAGS.SUPPRESS_EMBEDS) !== 0;
  const components = flatten(message.components);
  const displays = components.flatMap(({ type, content }) => (type === TYPE.text ? [String(content)] : []));
  const content = markdown(message.content);
  const others = [...displays, ...(embedsSuppressed ? [] : message.embeds.flatMap(embedTexts))].map(markdown);
  const plain = embedsSuppressed ? [] : message.embeds.flatMap(plainTexts);
  const all = [content, ...others];
  const buttons = components.filter(({ type }) => type === TYPE.button);
  return {
    text: [...all.map(({ text }) => text), ...plain].filter(Boolean).join('\n'),
    notified: message.notified,
    links: all.flatMap(({ links }) => links.map(({ label, url }) => ({ label, url }))),
    // Only the content's links are unfurled; embeds and components V2 never are.
    previews: embedsSuppressed ? [] : content.links.filter(({ preview }) => preview).map(({ url }) => url),
    pills: all.flatMap(({ pills }) => pills),
    formatting: [...new Set(all.flatMap(({ formatting }) => [...formatting]))].sort(),
    embedsSuppressed,
    silent: (message.flags & FLAGS.SUPPRESS_NOTIFICATIONS) !== 0,
    buttons: buttons.map((button) => ({
      label: String(button.label ?? ''),
      customId: typeof button.custom_id === 'string' ? button.custom_id : null,
      url: typeof button.url === 'string' ? button.url : null,
      disabled: button.disabled === true,
    })),
    files: message.attachments.map(({ filename }) => filename),
  };
}

function embedTexts(embed: Json): string[] {
  const fields = Array.isArray(embed.fields) ? embed.fields.filter(isJson) : [];
  return [embed.title, embed.description, ...fields.flatMap(({ name, value }) => [name, value])].flatMap(
    text,
  );
}

/** Footer and author show their text as it is. */
function plainTexts(embed: Json): string[] {
  const name = isJson(embed.author) ? embed.author.name : undefined;
  const footer = isJson(embed.footer) ? embed.footer.text : undefined;
  return [name, footer].flatMap(text);
}

const text = (value: unknown) => (typeof value === 'string' ? [value] : []);
