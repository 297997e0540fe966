import { describe, expect, it } from 'vitest';
import { createMasker } from '../../adapters/mcp/mask.ts';
import { ownWords } from '../../adapters/mcp/own-words.ts';
import { PIECES } from '../core/secret-pieces.ts';
import { cpuMs } from '../helpers.ts';

const masker = createMasker(['own-token-of-the-bot']);
const masked = masker.text;

describe('what an agent is told', () => {
  it('hides the value of whatever is named like a secret, wherever it stands', () => {
    const cases: [string, string][] = [
      ['Bob: "python -m x wandb.api_key=hunter2 lr=1"', 'Bob: "python -m x wandb.api_key=(hidden) lr=1"'],
      ['token: "a b c", step: 7', 'token: (hidden), step: 7'],
      ['{"hf_token": "abc", "max_tokens": 5}', '{"hf_token": (hidden), "max_tokens": 5}'],
      ['run --hf-token abc --steps 5', 'run --hf-token (hidden) --steps 5'],
      ['Authorization: Bearer abc.def-1', 'Authorization: Bearer (hidden)'],
      ['note: password=hunter2;', 'note: password=(hidden);'],
      ['tokenizer=bpe and loss: 0.5', 'tokenizer=bpe and loss: 0.5'],
      ['{\\"api_key\\": \\"hunter2\\", \\"a\\": 1}', '{\\"api_key\\": (hidden), \\"a\\": 1}'],
      ["password=b'hunter2' next", 'password=(hidden) next'],
      ["password: SecretStr('hunter2')", 'password: (hidden))'],
      ["auth: password='hunter2' x", 'auth: (hidden) x'],
      ['password := hunter2', 'password := (hidden)'],
      ["'password' => 'hunter2'", "'password' => (hidden)"],
      ["env['password'] = 'hunter2'", "env['password'] = (hidden)"],
      ['password: {value: hunter2, of: "}"} end', 'password: (hidden) end'],
      ['password="hun\\"ter2" end', 'password=(hidden) end'],
      ['password:\n  hunter2\nnext: 1', 'password:\n  (hidden)\nnext: 1'],
      ['postgres://u:hun@ter2@h/db', 'postgres://u:(hidden)@h/db'],
      ['Authorization: Basic dXNlcjpodW50ZXIy', 'Authorization: Basic (hidden)'],
      [
        'curl -H "Authorization: token hunter2" https://x',
        'curl -H "Authorization: token (hidden)" https://x',
      ],
      ['Set-Cookie: sid=hunter2; Path=/', 'Set-Cookie: (hidden)'],
      ['PGPASSWORD=hunter2 psql', 'PGPASSWORD=(hidden) psql'],
      ['TOKEN_GITHUB=hunter2 x', 'TOKEN_GITHUB=(hidden) x'],
      ['hftoken=hunter2', 'hftoken=(hidden)'],
      ['tokens=hunter2', 'tokens=(hidden)'],
      ['api_keys: [hunter2, "hunter3"] end', 'api_keys: (hidden) end'],
      ['Pwd=hunter2;Server=x', 'Pwd=(hidden);Server=x'],
      [`npm_${'a1B2'.repeat(9)} x`, '(hidden) x'],
      [`pypi-AgEI${'a'.repeat(40)} x`, '(hidden) x'],
      [`dop_v1_${'a'.repeat(64)} x`, '(hidden) x'],
      [`MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.${'a'.repeat(38)} x`, '(hidden) x'],
      ['it is own-token-of-the-bot, here', 'it is (hidden), here'],
      // Whoever hides characters in a secret does not hide it from us.
      [`ghp_a1a1a1\u200b${'a1'.repeat(12)} x`, '(hidden) x'],
      ['wandb.api\u00ad_key=hunter2', 'wandb.api_key=(hidden)'],
    ];
    for (const [text, expected] of cases) expect(masked(text)).toBe(expected);
  });

  it('leaves what only sounds like a secret', () => {
    const readable = [
      '1024 tokens/second, max_tokens=2048, token_count: 5',
      'tokenizer=gpt2 pad_token: <pad> tokens: 2048 total_tokens=12',
      'tokens = tokenizer(text)',
      'token: 50256',
      'use_auth: true',
      'password: null',
      'pass_rate=0.9',
      'sort_key=loss image_key: rgb',
      'Basic functionality works; the bearer of this ring',
      'http://localhost:6006/ and http://h:8080/x@y',
      'lr=0.1, seed=3, name: ada',
    ];
    for (const text of readable) expect(masked(text)).toBe(text);
  });

  it('costs no more than its length, however it is made up', () => {
    const LONG = 200_000;
    for (const piece of PIECES) {
      const text = piece.repeat(Math.ceil(LONG / piece.length));
      const begin = cpuMs();
      masked(text);
      expect([piece, cpuMs() - begin < 1_500]).toEqual([piece, true]);
    }
  });

  it('has no secret in its data, under whatever name or in whatever shape', () => {
    const secret = `ghp_${'a1'.repeat(15)}`;
    const data = {
      api_key: ['hunter2'],
      password: { value: 'hunter2', of: 'x' },
      pin: { password: 12345678 },
      [secret]: 'x',
      changes: [
        { key: 'wandb.api_key', from: null, to: 'hunter2' },
        { key: 'lr', from: '1', to: '2' },
      ],
      argv: ['train', '--api-key', 'hunter2', '--lr', '0.1'],
    };
    expect(masker.data(data)).toEqual({
      api_key: '(hidden)',
      password: '(hidden)',
      pin: { password: '(hidden)' },
      '(hidden)': 'x',
      changes: [
        { key: 'wandb.api_key', from: null, to: '(hidden)' },
        { key: 'lr', from: '1', to: '2' },
      ],
      argv: ['train', '--api-key', '(hidden)', '--lr', '0.1'],
    });
    expect(ownWords(masker.data(data), 'g1')).toEqual({
      pin: {},
      changes: [{ from: null }, { from: '1', to: '2' }],
      argv: [null, null, null, null, '0.1'],
    });
  });

  it('holds no characters that only a model would see', () => {
    const tags = [...'kill'].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('');
    expect(masked(`a${tags}b\u200bc\u202ed\u001b[2Je\tf\n`)).toBe('abcd[2Je\tf\n');
  });
});
