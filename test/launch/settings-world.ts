import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Preset, PresetOption } from '../../src/core/preset.ts';
import { checkAssignments, passedOn } from '../../src/launch/check.ts';
import { run } from '../../src/processes/run.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';

/** What xax 0.4.9 with PyYAML 6.0.3 read; `node test/launch/record.ts` writes it. */
export const RECORDED = join(import.meta.dirname, '..', 'fixtures', 'settings', 'read-by-xax.jsonl');
const TEXTS = 2_000;
const LONGEST = 300;

/** A setting as it is passed to a field of read_settings.py, what the field then holds, and what config.yaml says of it. */
export type Read = [field: string, scalar: string, held: unknown, yaml: string];

export const recorded = (): Read[] =>
  readFileSync(RECORDED, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Read);

/** What YAML 1.1, YAML 1.2, Python or people take for something else than a text, or for another text. */
export const SPECIAL = [
  ...'yes Yes YES no No NO true True TRUE false False FALSE on On ON off Off OFF y Y n N'.split(' '),
  ...'null Null NULL ~ None none nan NaN inf Infinity .inf -.inf +.INF .nan .NaN'.split(' '),
  ...'0 1 -1 +1 00 007 010 08 09 0o17 0x10 0x1F -0x1F 0b101 1_000 1__0 _1 1_ 0b 0x 12e3'.split(' '),
  ...'1e3 1e-3 1E3 1.0e3 1.0e+3 1.5e-10 .5 +.5 -.5 5. 0. 1.10 1.0 12.10 00.5 1e400 1:30 12:30:45'.split(' '),
  ...'190:20:30.15 1:2 60:60 1234567890123456789 -0 -0.0 0.1 123456789012345678901234567890'.split(' '),
  ...'2026-11-23 2026-1-2 2026-02-30 2026-11-23T10:00:00Z 2001-12-14t21:59:43.10-05:00'.split(' '),
  ...'= << < > | >- |+ - -- --- --- ... .. . ? : ; , # @ ` % & * ! !! !x !!str !!python/none &a *a'.split(
    ' ',
  ),
  ...`' '' ''' " "" """ 'off' "off" it's a'b a"b '' '' [ ] { } [1,2] [] {} {a:1} a: :a a:b a,b`.split(' '),
  ...'http://x/y#z s3://b/k ../a/b ~/a /etc/passwd C:\\x a\\nb \\x24 $HOME $(id) `id` a&b a|b a>b'.split(' '),
  ...'v1.0 bfloat16 3e-4b 1a 0a 0.1.2 1-2 1/2 1,000 50% é 🕒 日本 \u00a0 \u200b \ufeff ß \u{10ffff}'.split(
    ' ',
  ),
  ...[
    '',
    ' ',
    '  ',
    'a #b',
    '#tag',
    'a: b',
    '- a',
    '? a',
    ': a',
    '--- a',
    'a b',
    ' a',
    'a ',
    ' 1',
    '1 ',
    ' off',
  ],
  ...[
    '{a: 1}',
    '[1, 2]',
    '{',
    '!!int 3',
    '&a b',
    '2001-12-14 21:59:43.10 -5',
    '%YAML 1.1',
    '| a',
    '> a',
    '" "',
  ],
  ...[
    'a\tb',
    'a\nb',
    'a\u0085b',
    'a\u2028b',
    '\u0000',
    '\u001b[1m',
    '\u007f',
    '\ud83d',
    '\ufffe',
    '${a}',
    '"\\x24{a}',
  ],
];

const ALPHABET = [
  ...'abzNY019.-+_:~=<>|?#@&*!%`\'"[]{},/\\$ ',
  ...['  ', ': ', ' #', '- ', "''", '0x', '1e', 'é', '🕒', '\u00a0', '\u200b', '\ufeff', 'ÿ', '漢'],
];
/** These are refused, so they come seldom. */
const UNFIT = ['\t', '\n', '\r', '\u0000', '\u0085', '\u2028', '\u007f', '\ud83d', '\uffff', '${'];

/** The same 2,000 texts each time: the special ones, and what a die makes of them and of an alphabet that YAML knows. */
export function texts(): string[] {
  const random = seededRandom(20_26);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
  const found = new Set(SPECIAL);
  while (found.size < TEXTS) {
    const pieces = Array.from({ length: 1 + Math.floor(random() * 8) }, () => {
      const die = random();
      return die < 0.01 ? pick(UNFIT) : die < 0.2 ? pick(SPECIAL) : pick(ALPHABET);
    });
    const isLong = random() < 0.03;
    found.add(
      isLong
        ? pieces
            .join('')
            .repeat(60)
            .slice(0, random() * LONGEST)
        : pieces.join(''),
    );
  }
  return [...found];
}

export const NUMBERS =
  '0 1 -1 +5 0.5 5. .5 -.5 1e-3 1E1 3.0e+0 -0 1.50 0.00001 1e-5 1e22 123456789012345678'.split(' ');
export const WHOLE =
  '0 1 -1 +5 -0 64 9007199254740993 1234567890123456789 -123456789012345678901234567890'.split(' ');

/** A preset with a text, and one that allows every key. */
export const DECLARED = preset({ text: 'text', maybe: 'text', number: 'number', whole: 'integer' }, []);
export const OPEN = preset({}, ['*']);

function preset(types: Record<string, PresetOption['type']>, allowExtra: string[]): Preset {
  const options = Object.fromEntries(
    Object.entries(types).map(([key, type]) => [key, { type, description: '' }]),
  );
  return { name: 'toy', description: '', cwd: '/', argv: ['python', '-m', 'toy'], options, allowExtra };
}

/** What is passed on of a value that somebody types; null where it is refused. */
export function passed(of: Preset, key: string, value: string): string | null {
  try {
    return passedOn(of, checkAssignments(of, { [key]: value }))[key]!;
  } catch {
    return null;
  }
}

/** Every setting of the recording, with what was typed. */
export function settings(): { typed: string; field: string; scalar: string; isDeclared: boolean }[] {
  const all = (of: Preset, field: string, values: readonly string[]) =>
    values.flatMap((typed) => {
      const scalar = passed(of, field, typed);
      return scalar === null ? [] : [{ typed, field, scalar, isDeclared: of === DECLARED }];
    });
  const any = texts();
  return [
    ...all(DECLARED, 'text', any),
    ...all(DECLARED, 'maybe', SPECIAL),
    ...all(DECLARED, 'number', NUMBERS),
    ...all(DECLARED, 'whole', WHOLE),
    ...all(OPEN, 'text', any),
    ...all(OPEN, 'untyped', SPECIAL),
    ...all(OPEN, 'number', NUMBERS),
    ...all(OPEN, 'whole', WHOLE),
    ...all(OPEN, 'flag', ['true', 'false', 'True', 'False']),
  ];
}

/** What xax's own parser reads of settings. */
export async function readByXax(
  python: string,
  given: readonly (readonly [string, string])[],
): Promise<Read[]> {
  const result = await run({
    argv: [python, join(import.meta.dirname, 'read_settings.py')],
    env: { PATH: process.env.PATH, JAX_PLATFORMS: 'cpu', PYTHONDONTWRITEBYTECODE: '1' },
    input: JSON.stringify(given),
    timeoutMs: 120_000,
    maxOutputBytes: 8_000_000,
  });
  if (result.exitCode !== 0) throw new Error(result.startError ?? result.stderr);
  const lines = result.stdout.toString('utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Read);
}
