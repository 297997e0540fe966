import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/**
 * Flags as Python's argparse reads them: what follows a flag is its value, also where it begins with a dash (a
 * negative number, a list item), unless it is itself one of the command's flags. Error TypeError: wrong usage.
 */
export function parseFlags<const O extends ParseArgsOptionsConfig>(args: readonly string[], options: O) {
  const isFlag = (word: string) =>
    /^--[^=]/.test(word) && Object.hasOwn(options, word.slice(2).split('=')[0]!);
  const joined: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index]!;
    const value = args[index + 1];
    const takesValue = isFlag(word) && !word.includes('=') && options[word.slice(2)]!.type === 'string';
    if (takesValue && value?.startsWith('-') && !isFlag(value)) {
      joined.push(`${word}=${value}`);
      index += 1;
    } else joined.push(word);
  }
  return parseArgs({ args: joined, options }).values;
}
