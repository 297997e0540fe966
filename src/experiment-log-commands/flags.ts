import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/**
 * Flags as Python's argparse reads them: the beginning of a flag is enough where only one begins so, and what follows a
 * flag is its value, also where it begins with a dash (a negative number, a list item), unless it is itself one of the
 * command's flags. Error TypeError: wrong usage.
 */
export function parseFlags<const O extends ParseArgsOptionsConfig>(args: readonly string[], options: O) {
  const names = Object.keys(options);
  const joined: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index]!;
    const value = args[index + 1];
    const [name, given] = flagOf(word, names);
    if (name === undefined) joined.push(word);
    else if (given !== undefined) joined.push(`--${name}=${given}`);
    else if (options[name]!.type === 'string' && value?.startsWith('-') && !isFlag(value, names)) {
      joined.push(`--${name}=${value}`);
      index += 1;
    } else joined.push(`--${name}`);
  }
  return parseArgs({ args: joined, options }).values;
}

/** Whether a word is one of the flags, or begins one. */
export function isFlag(word: string, names: readonly string[]): boolean {
  return beginningWith(word, names).length > 0;
}

/** The flag that a word means, and its value where that stands in the word. */
function flagOf(word: string, names: readonly string[]): [name?: string, given?: string] {
  const [name, ...more] = beginningWith(word, names);
  if (more.length > 0)
    throw new TypeError(
      `${word.split('=', 1)[0]} could be ${[name, ...more].map((each) => `--${each}`).join(' or ')}`,
    );
  const cut = word.indexOf('=');
  return cut < 0 ? [name] : [name, word.slice(cut + 1)];
}

function beginningWith(word: string, names: readonly string[]): string[] {
  if (!/^--[^=]/.test(word)) return [];
  const [said = ''] = word.slice(2).split('=', 1);
  return names.includes(said) ? [said] : names.filter((name) => name.startsWith(said));
}
