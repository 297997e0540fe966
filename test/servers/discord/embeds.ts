import type { Form, Json } from './form.ts';
import { MESSAGE } from './limits.ts';

/** Checks embeds against resources/message (Embed Limits); the total counts over all of a message's embeds. */
export function checkEmbeds(form: Form, value: unknown): Json[] {
  const embeds = form.list(value, { most: MESSAGE.embeds }) ?? [];
  const checked = embeds.map((embed, index) => form.at(index).object(embed) ?? {});
  checked.forEach((embed, index) => void checkEmbed(form.at(index), embed));
  if (checked.reduce((sum, embed) => sum + embedLength(embed), 0) > MESSAGE.embedTotal)
    form.problem('MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${MESSAGE.embedTotal}`);
  return checked.map((embed) => ({ ...embed, type: 'rich' }));
}

const part = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const size = (value: unknown) => (typeof value === 'string' ? [...value.trim()].length : 0);

function fieldsOf(embed: Json): Json[] {
  return Array.isArray(embed.fields) ? embed.fields.map(part) : [];
}

function embedLength(embed: Json): number {
  const fields = fieldsOf(embed).reduce((sum, { name, value }) => sum + size(name) + size(value), 0);
  return (
    size(embed.title) +
    size(embed.description) +
    size(part(embed.footer).text) +
    size(part(embed.author).name) +
    fields
  );
}

function checkEmbed(form: Form, embed: Json): void {
  form.at('title').text(embed.title, { most: MESSAGE.embedTitle });
  form.at('description').text(embed.description, { most: MESSAGE.embedDescription });
  checkUrl(form.at('url'), embed.url, false);
  if (embed.color !== undefined && embed.color !== null)
    form.at('color').number(embed.color, { least: 0, most: 0xffffff });
  if (
    embed.timestamp !== undefined &&
    embed.timestamp !== null &&
    Number.isNaN(Date.parse(String(embed.timestamp)))
  )
    form.at('timestamp').problem('DATE_TIME_TYPE_PARSE', 'Could not parse timestamp.');
  if (embed.footer)
    form
      .at('footer', 'text')
      .text(part(embed.footer).text, { least: 1, most: MESSAGE.embedFooter, required: true });
  if (embed.author)
    form
      .at('author', 'name')
      .text(part(embed.author).name, { least: 1, most: MESSAGE.embedAuthor, required: true });
  for (const place of ['image', 'thumbnail'] as const)
    if (embed[place]) checkUrl(form.at(place, 'url'), part(embed[place]).url, true);
  for (const place of ['footer', 'author'] as const)
    if (embed[place]) checkUrl(form.at(place, 'icon_url'), part(embed[place]).icon_url, true);
  const fields = form.at('fields').list(embed.fields, { most: MESSAGE.embedFields }) ?? [];
  fields.map(part).forEach(({ name, value }, index) => {
    const at = form.at('fields', index);
    at.at('name').text(name, { least: 1, most: MESSAGE.embedFieldName, required: true });
    at.at('value').text(value, { least: 1, most: MESSAGE.embedFieldValue, required: true });
  });
}

/** http and https, and `attachment://` where a file may stand. */
export function checkUrl(form: Form, value: unknown, fileToo: boolean): void {
  if (value === undefined || value === null) return;
  const accepted = fileToo ? ['http:', 'https:', 'attachment:'] : ['http:', 'https:'];
  const scheme = /^([a-z]+:)\/\/\S+$/.exec(String(value))?.[1];
  if (!scheme || !accepted.includes(scheme))
    form.problem('URL_TYPE_INVALID_SCHEME', `Scheme must be one of (${accepted.join(', ')}).`);
}
