import type { Adapters } from './adapter-traits.ts';
import type { CommandDeclaration } from './command-declaration.ts';
import { commandAtStart } from './command-names.ts';

/** A command line, `session list`, as it is typed at one adapter. */
export type Typed = (line: string) => string;

/** How commands are called at each adapter. */
export interface Typing {
  at(adapter: string): Typed;
  /** Words of ours, in which commands stand in double quotes and as they are called everywhere, for readers there. */
  spell(adapter: string, words: string): string;
}

/** `offered`: the commands that are, which may decide how each is typed. */
export function createTyping(traits: Adapters, offered: readonly CommandDeclaration[]): Typing {
  const at = (adapter: string): Typed => {
    const prefix = traits.get(adapter)?.commandPrefix ?? (() => UNKNOWN_PREFIX);
    return (line) => `${prefix(namedIn(line, offered)?.name ?? '', offered)}${line}`;
  };
  return {
    at,
    spell: (adapter, words) =>
      words.replace(/"([^"\n]+)"/g, (quoted, line: string) =>
        namedIn(line, offered) ? `"${at(adapter)(line)}"` : quoted,
      ),
  };
}

/** For readers of an adapter that is gone. */
const UNKNOWN_PREFIX = '/xax ';

function namedIn(line: string, offered: readonly CommandDeclaration[]): CommandDeclaration | undefined {
  return commandAtStart(line.split(' ', 2), offered)?.command;
}
