import { describe, expect, it } from 'vitest';
import { load, problem } from './load.ts';

describe('xaxbot.yaml', () => {
  it.each([
    ['an alias of nothing', 'host: a\ntimezone: *nope\n', /line 2: \*nope is given, but nothing above/],
    ['an alias of itself', 'host: &a [*a]\n', /line 1, host: is a list; accepted: text/],
    ['too many aliases', bomb(), /Excessive alias count/],
    ['a tag that YAML does not know', 'host: !env HOSTNAME\n', /line 1: .*the type !env.*in quotes/],
    ['a tab before a key', 'kill:\n\tgrace_seconds: 1\n', /line 2: a tab cannot indent: use spaces/],
    ['a key given twice', 'host: a\nhost: b\n', /line 2: this key is there twice/],
    ['a key given twice in CRLF', 'host: a\r\nkill: {}\r\nhost: b\r\n', /line 3: this key is there twice/],
    ['a second document', 'host: a\n---\nhost: b\n', /line 2: a second document/],
    ['a bracket that is not closed', 'session: {budget: {runs: 4}\n', /line 1: a "}" is missing/],
    [
      'a quote that is not closed',
      'host: "g1\n',
      /line 1: .*the closing " is missing\nNothing was started\.$/,
    ],
    ['two keys in a line', 'host: g1: g2\n', /line 1: a second ":" stands .*in quotes/],
    ['a key further right', 'host: g1\n  timezone: UTC\n', /:\n {2}line 1: a second ":" .*alike\nNothing/],
    ['a reserved letter', 'host: @g1\n', /line 1: a text that begins with @ has to stand in quotes/],
    [
      'no comma',
      'session: {budget: {runs: 4} name: x}\n',
      /line 1: .*a comma, a line end or quotes may be missing/,
    ],
    ['a text alone', 'hello\n', /the file: is "hello"; accepted: keys with values/],
    ['a list', '- host: a\n', /the file: is a list; accepted: keys with values/],
    ['nothing after a key', 'host: a\npresets:\n', /line 2, presets: is empty; accepted: keys with values/],
    ['a number for a text', 'host: 12\n', /line 1, host: is "12"; accepted: text, in quotes/],
    ['an empty default', option('default:'), /line 6, .*a\.default: is empty; accepted: text, a number/],
    ['a list for a value', option('default: [1]'), /line 6, .*a\.default: .*accepted: text, a number/],
    [
      'an unknown role',
      'people:\n  a:\n    role: king\n',
      /line 3, .*role: is "king"; accepted: one of viewer, /,
    ],
    ['no role', 'people:\n  a: {}\n', /line 2, people\.a\.role: is missing; accepted: one of viewer/],
    ['a strange name', 'people:\n  a b: {role: admin}\n', /line 2, people\.a b: .*letters, digits/],
    [
      'too long a wait',
      'kill: {grace_seconds: 601}\n',
      /line 1, kill\.grace_seconds: is "601"; accepted: 600 or/,
    ],
    ['a channel without an id', 'channels:\n  - title: a\n', /line 2, channels\.0\.id: is missing/],
    ['no channels', 'channels: []\n', /line 1, channels: is empty; accepted: something that is not/],
    [
      'an unknown key where a preset is called like another section',
      'presets:\n  people:\n    cwd: CWD\n    argv: [a]\n    agv: [b]\n',
      /line 5, presets\.people\.agv: no such key; did you mean argv\? Accepted: description, cwd, argv/,
    ],
    [
      'an unknown key of JavaScript',
      'kill:\n  toString: 1\n',
      /line 2, kill\.toString: no such key; .*grace_seconds/,
    ],
    [
      'what an alias stands for',
      'kill: &k {grace: 1}\nexport: *k\n',
      /line 1, kill\.grace: .*line 1, export\.grace: /s,
    ],
  ])('with %s is refused with its line, and what is accepted', (_what, yaml, told) => {
    const said = problem(yaml);
    expect(said).toMatch(told);
    expect(said).not.toMatch(/Invalid/);
  });

  it('is read with a byte order mark, CRLF and tabs after the values', () => {
    expect(load('\ufeffhost: g1\t# ours\r\nkill:\r\n  grace_seconds: 3\r\n')).toMatchObject({
      hostLabel: 'g1',
      killGraceMs: 3000,
    });
    expect(problem('\ufeffhost: g1\r\nkil: 1\r\n')).toMatch(/line 2, kil: no such key/);
  });

  it('is refused when it is another encoding, too large, or a folder', () => {
    expect(problem(Buffer.from('host: g1\n', 'utf16le'))).toMatch(/it is not UTF-8/);
    expect(problem(Buffer.from('host: caf\xe9\n', 'latin1'))).toMatch(/it is not UTF-8/);
    expect(problem(`# ${'x'.repeat(2 ** 20)}\n`)).toMatch(/at most 1048576 are accepted/);
    expect(problem(null, { XAXBOT_CONFIG: '.' })).toMatch(/it is a folder/);
    expect(problem(null, { XAXBOT_CONFIG: '/dev/null' })).toMatch(/it is not a file/);
  });

  it('tells its mistakes in the order of its lines', () => {
    const said = problem('channels: 1\nhost: 2\nkil: 3\npeople:\n  a: {role: 4}\n');
    expect(said.match(/line \d/g)).toEqual(['line 1', 'line 2', 'line 3', 'line 5']);
  });

  it('names somebody, and an admin among them, when it names people', () => {
    expect(problem('host: a\npeople: {}\n')).toMatch(
      /line 2, people: nobody has the role admin; give it to someone, or leave out people/,
    );
  });

  it('gives no Unix name to two people, also not the one that an id stands for', () => {
    expect(problem('people:\n  ada: {role: admin, unix: dev}\n  bob: {role: viewer, unix: dev}\n')).toMatch(
      /line 3, people\.bob\.unix: dev already belongs to ada/,
    );
    expect(problem('people:\n  ada: {role: admin}\n  bob: {role: viewer, unix: ada}\n')).toMatch(
      /line 3, people\.bob\.unix: ada already belongs to ada/,
    );
    expect(
      load('people:\n  ada: {role: admin, unix: bob}\n  bob: {role: viewer, unix: ada}\n').people,
    ).toHaveLength(2);
  });

  it('names the second of two channels that are the same', () => {
    expect(problem('channels:\n  - id: a\n  - id: b\n  - id: a\n')).toMatch(/line 4, channels\.2\.id: /);
  });
});

function option(more: string): string {
  return `presets:\n  p:\n    cwd: CWD\n    argv: [a]\n    options:\n      a: {type: text, ${more}}\n`;
}

/** Each line names the one above nine times: a billion values in a few hundred bytes. */
function bomb(): string {
  const lines = Array.from({ length: 9 }, (_, n) => {
    const item = n === 0 ? 'x' : `*a${n - 1}`;
    return `k${n}: &a${n} [${Array(9).fill(item).join(', ')}]`;
  });
  return `${lines.join('\n')}\n`;
}
