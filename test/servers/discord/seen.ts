import { type Body, flatten } from './components.ts';

/** What Discord would have done with a message. */
export interface Seen {
  notified: string[];
  links: string[];
  formatting: string[];
  text: string;
}

interface AllowedMentions {
  parse?: string[];
  users?: string[];
}

/** Reads a message as Discord's clients do: escapes, code, mentions, links and markdown. */
export function seen(body: Body & { allowed_mentions?: AllowedMentions }): Seen {
  const result: Seen = { notified: [], links: [], formatting: [], text: '' };
  const texts = flatten(body.components ?? []).flatMap(({ type, content }) =>
    type === 10 ? [String(content)] : [],
  );
  for (const text of [body.content ?? '', ...texts])
    if (text !== '') read(text, result, body.allowed_mentions);
  return result;
}

const ZERO_WIDTH = '\u200b';

function read(
  source: string,
  result: Seen,
  allowed: AllowedMentions = { parse: ['everyone', 'roles', 'users'] },
): void {
  const { parse = [], users = [] } = allowed;
  const keep: string[] = [];
  const hold = (text: string) => {
    keep.push(text);
    return `\u0000${keep.length - 1}\u0000`;
  };
  let text = source
    .replace(/```(?:\w*\n)?([\s\S]*?)```/g, (_whole, code: string) => hold(code))
    .replace(/(?<!\\)`([^`\n]+)`/g, (_whole, code: string) => hold(code))
    .replace(/\\([^0-9A-Za-z\s])/g, (_whole, character: string) => hold(character));

  for (const [whole, id] of text.matchAll(/<@!?(\d+)>/g))
    if (parse.includes('users') || users.includes(id!)) result.notified.push(whole);
  for (const [whole] of text.matchAll(/<@&\d+>/g)) if (parse.includes('roles')) result.notified.push(whole);
  for (const [whole] of text.matchAll(/@(everyone|here)/g))
    if (parse.includes('everyone')) result.notified.push(whole);
  // A mention that tells nobody is drawn as one all the same.
  for (const [whole, id] of text.matchAll(/<(?:@!?|@&|#)(\d+)>/g))
    if (!users.includes(id!)) result.formatting.push(whole);
  for (const [whole] of text.matchAll(/@(everyone|here)/g)) result.formatting.push(whole);
  for (const [whole] of text.matchAll(/<(?:\/[^:<>]+|a?:\w+):\d+>/g)) result.formatting.push(whole);
  const masked = [...text.matchAll(/\[([^\]]+)\]\(<?(https?:\/\/[^)>]+)>?\)/g)];
  result.links.push(...masked.map(([, , url]) => url!));
  text = text.replace(/\[([^\]]+)\]\(<?https?:\/\/[^)>]+>?\)/g, '$1');
  result.links.push(...(text.match(/https?:\/\/[^\s<>]+/g) ?? []));
  for (const pattern of [
    /(?<!\*)\*(?![\s*])[^*\n]+\*(?!\*)/g,
    /(?<![\w_])_(?![\s_])[^_\n]+_(?![\w_])/g,
    /__[^_]+__/g,
    /~~[^~]+~~/g,
    /\|\|[^|]+\|\|/g,
  ])
    result.formatting.push(...(text.match(pattern) ?? []));
  // Headings, quotes and lists that we make ourselves begin a component; people's stand in the text.
  for (const line of text.split('\n').slice(1))
    if (/^\s*(#{1,3} |-# |>{1,3} |[-*+] |\d+\. )/.test(line)) result.formatting.push(line);
  const plain = text
    .replace(/^(#{1,3}|-#|>{1,3}) /, '')
    .replace(/\*\*([^*]+)\*\*/g, '$1')
    .replace(/<t:(\d+)(?::\w)?>/g, (_whole, seconds: string) =>
      new Date(Number(seconds) * 1000).toISOString(),
    )
    .replace(/\u0000(\d+)\u0000/g, (_whole, index: string) => keep[Number(index)]!);
  result.text += `${plain.replaceAll(ZERO_WIDTH, '')}\n`;
}
