/** Texts that cost a careless scanner most: one piece repeated, in what makes a pattern try again at every place. */
export interface Shape {
  name: string;
  /** A text of about so many UTF-16 code units. */
  of(size: number): string;
}

/** What is repeated: single characters, and what begins something that parsers look for the end of. */
const PIECES: readonly string[] = [
  ...'ax09 \t\r\n"\'`,;:=.-_/\\[]{}()<>|&*#%@!?+~$^\0\u001b\u200b\u200d\u202e\u00a0\u0301\ud800\udfff\ufeff',
  '\r\n', '\n\n\t', ' \n', '\r\t', '\u001b[', '\u001b]0;', '\u001b[1m',
  '""', '"",', '","', '"a', ' "', '="', '=\'', '“', '„a ', '«', '\\"', '\\\\', "\\'", '``', '` ',
  'a b ', 'a=', 'a="', 'a,b,', 'a: ', '- ', '? ', '&a ', '*a ', 'a:\n ', '- - ', '[[', '[{', '{"a":', '[1,', '{a: ', '[a, ', '!!', '|\n', '>\n', '%a ', '---\n',
  '1e', '1.', '-1', '1_', '0x', '1:', '1,000', '.5.', '1 2 ', 'NaN', '-Infinity', '"NaN',
  '://', 'http://', 'http://a:', 'a@', '@a:', 'eyJ', 'eyJa.', 'sk-', 'xoxb-', 'token=', 'token= ', 'password: ', '--token ', 'Bearer ', '-----BEGIN PRIVATE KEY-----', '-----BEGIN ',
  'Traceback (', 'Traceback (most recent call last):\n', '  File "a.py", line 1, in a\n', 'File "', 'a.b.', 'aError: ', 'Error ', '[rank0]: ', '1: ', '(a pid=1) ', 'ray::', '1% ', '10%|', '[00:00<', 'not found ', 'No module named ', 'file /', 'failed to open ', 'allocat', 'error: ', '\\n', 'Traceback (most recent call last):\\n',
  '<<<<<<< a\n', '=======\n', '>>>>>>> b\n', '<<<<<<< a\na\n=======\nb\n>>>>>>> b\n', '<@U', '<!', '<http://a|', '<a:b:', '&lt;', '&amp;', '**', '||', '~~', '[a](', '\ud83d\ude00', '\ud83c\uddee', 'é', 'ß', 'İ', '漢', '＝', 'data:', '/xax ',
];

/** The piece alone, or within something that keeps it from being what it looks like. */
const WITHIN: readonly [name: string, begin: string, end: string][] = [
  ['alone', '', ''],
  ['x…x', 'x', 'x'],
  ['"…', '"', ''],
  ['lines of 150', '', ''],
  ['lines of 3,000', '', ''],
];
const LINE = new Map([['lines of 150', 150], ['lines of 3,000', 3_000]]);

function named(text: string): string {
  return JSON.stringify(text.length > 24 ? `${text.slice(0, 24)}…` : text);
}

export const SHAPES: readonly Shape[] = PIECES.flatMap((piece) =>
  WITHIN.map(([name, begin, end]): Shape => ({
    name: `${named(piece)} ${name}`,
    of(size) {
      const width = LINE.get(name);
      if (width === undefined) return begin + piece.repeat(Math.ceil(size / piece.length)) + end;
      const line = `${piece.repeat(Math.ceil(width / piece.length))}\n`;
      return line.repeat(Math.ceil(size / line.length));
    },
  })),
);
