import type { YAMLError } from 'yaml';

/** What the parser says of errors that have a code in common, and the same for who never read what YAML is. */
const BY_MESSAGE: readonly (readonly [said: RegExp, words: string])[] = [
  [/ end with an? ([\]}])/, 'a "$1" is missing, or stands further left than the line that it belongs to'],
  [/^Missing closing (["'])quote/, 'a text begins with $1 and does not end: the closing $1 is missing'],
  [/^Plain value cannot start with .*character (\S)/, 'a text that begins with $1 has to stand in quotes'],
  [/^Missing (,)( or :)? between/, 'a comma is missing between two entries'],
  [/^Missing space after :/, 'a space is missing behind a ":"'],
  [/^Comments must be separated/, 'a comment needs a space before its "#"'],
  [/^Sequence item without/, 'a "- " is missing before an entry of the list'],
  [/^Implicit map keys need/, 'a ":" is missing behind a key'],
  [
    /^Unresolved tag: (?:tag:yaml\.org,2002:)?(\S+)/,
    '"!" asks for the type $1, which there is not: put the text in quotes',
  ],
  [/^Unexpected (\S) in /, 'a "$1" stands where none belongs'],
];

/** The same of all errors of a code. */
const BY_CODE: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  ALIAS_PROPS: 'a *NAME stands for what is called &NAME above, and takes nothing more',
  BAD_ALIAS:
    'a "&" or "*" needs a name behind it, without a ":" at its end; put a text that begins with one in quotes',
  BAD_DIRECTIVE: 'a line that begins with "%" is for the parser, which does not know it: remove it',
  BAD_DQ_ESCAPE:
    'a "\\" between double quotes begins something that is not known: write "\\\\", or use single quotes',
  BAD_INDENT: 'it is not indented as the lines that it belongs to',
  BLOCK_AS_IMPLICIT_KEY:
    'a second ":" stands behind the value of a key: put a text that has ": " in it in quotes, and indent keys of the same level alike',
  BLOCK_IN_FLOW: 'between brackets nothing can be written in lines with "-" or "KEY:" of their own',
  DUPLICATE_KEY: 'this key is there twice: put both together, or remove one',
  KEY_OVER_1024_CHARS: 'a key has more than 1024 characters',
  MISSING_CHAR: 'something is missing, as a ":", a comma or a space',
  MULTILINE_IMPLICIT_KEY: 'a key and its ":" have to stand in one line',
  MULTIPLE_DOCS: 'a second document begins with "---": one file is one',
  NON_STRING_KEY: 'a key has to be a text',
  RESOURCE_EXHAUSTION: 'brackets stand in one another too deeply',
  TAB_AS_INDENT: 'a tab cannot indent: use spaces',
  UNEXPECTED_TOKEN:
    'something stands here that does not belong here: a comma, a line end or quotes may be missing before it',
};

/** An error of the parser in words, without the place and the excerpt that it adds. */
export function yamlWords({ code, message }: Pick<YAMLError, 'code' | 'message'>): string {
  const said = message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
  for (const [known, words] of BY_MESSAGE) {
    const found = known.exec(said);
    if (found) return words.replaceAll('$1', () => found[1] ?? '');
  }
  return BY_CODE[code] ?? said;
}
