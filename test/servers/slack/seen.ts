type Json = Record<string, unknown>;

/** What Slack would have done with a message: whom it tells, what can be clicked, what it draws otherwise than typed. */
export interface Seen {
  notified: string[];
  links: string[];
  formatting: string[];
  unfurled: string[];
  /** All the words, as a reader sees them. */
  text: string;
}

/** Reads a message as Slack does. */
export function seen(message: {
  text?: string;
  blocks?: unknown;
  unfurl_links?: unknown;
  parse?: unknown;
  link_names?: unknown;
}): Seen {
  const result: Seen = { notified: [], links: [], formatting: [], unfurled: [], text: '' };
  const blocks = Array.isArray(message.blocks) ? (message.blocks as Json[]) : [];
  mrkdwn(message.text ?? '', result, {
    words: blocks.length === 0,
    loose: message.parse === 'full' || truthy(message.link_names),
  });
  for (const block of blocks) walk(block, result);
  if (message.unfurl_links !== undefined && truthy(message.unfurl_links))
    result.unfurled.push(...result.links);
  return result;
}

function truthy(value: unknown): boolean {
  return value === true || value === 'true' || value === '1';
}

function walk(node: unknown, result: Seen): void {
  if (Array.isArray(node)) {
    for (const each of node) walk(each, result);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const { type, text, ...rest } = node as Json;
  if (type === 'mrkdwn') {
    mrkdwn(String(text), result, { words: true, loose: false });
    return;
  }
  if (type === 'user') result.notified.push(`@${String(rest.user_id)}`);
  if (type === 'usergroup' || type === 'broadcast')
    result.notified.push(String(rest.range ?? rest.usergroup_id));
  if (type === 'link') result.links.push(String(rest.url));
  if (type === 'button' && rest.url !== undefined) result.links.push(String(rest.url));
  if (typeof text === 'string') result.text += `${text}\n`;
  else walk(text, result);
  for (const value of Object.values(rest)) walk(value, result);
}

function mrkdwn(text: string, result: Seen, { words, loose }: { words: boolean; loose: boolean }): void {
  for (const [, inner] of text.matchAll(/<([^<>]+)>/g)) {
    const target = inner!.split('|')[0]!;
    if (/^[@#]/.test(target) || target.startsWith('!')) result.notified.push(target);
    else if (/^(https?|mailto):/.test(target)) result.links.push(target);
  }
  if (loose) result.notified.push(...(text.match(/@(here|channel|everyone)\b/g) ?? []));
  if (!words) return;
  result.links.push(...(text.replace(/<[^<>]+>/g, '').match(/https?:\/\/[^\s]+/g) ?? []));
  result.formatting.push(...(text.match(/(?<!\w)([*_~`])\S.*?\1(?!\w)/g) ?? []));
  result.text += `${text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')}\n`;
}
