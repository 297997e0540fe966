import { parse } from 'dotenv';

/**
 * The text of a `.env` with these variables set: each in its own line where it has one, commented out or not, else at the end. All
 * else stays as it is.
 */
export function withVariables(text: string, variables: Readonly<Record<string, string>>): string {
  const held = parse(text);
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  for (const [name, value] of Object.entries(variables)) {
    if (held[name] === value) continue;
    const line = `${name}=${quoted(value)}`;
    const own = new RegExp(`^\\s*(export\\s+)?${name}\\s*=`);
    const commented = new RegExp(`^\\s*#\\s*${name}\\s*=`);
    // Of several lines the last holds.
    const at = lines.findLastIndex((each) => own.test(each));
    const place = at >= 0 ? at : lines.findIndex((each) => commented.test(each));
    if (place >= 0) lines[place] = line;
    else lines.push(line);
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** A value as dotenv reads it back. */
function quoted(value: string): string {
  if (/^[\w@%+=:,./~-]*$/.test(value)) return value;
  return value.includes("'") ? JSON.stringify(value) : `'${value}'`;
}
