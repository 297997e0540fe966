import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/core/slices.ts';
import { settingsInJson } from '../../src/metrics/settings/json-settings.ts';
import { eachPiece } from '../../src/metrics/sources/json-pieces.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';

function pieces(text: string): [string | null, unknown][] {
  const found: [string | null, unknown][] = [];
  const json = Buffer.from(text);
  atOnce(
    eachPiece(
      json,
      0,
      (key, from, to) => void found.push([key, JSON.parse(json.toString('utf8', from, to))]),
    ),
  );
  return found;
}

function value(random: () => number, depth: number): unknown {
  const kind = random();
  if (depth > 0 && kind < 0.25) return Array.from({ length: random() * 4 }, () => value(random, depth - 1));
  if (depth > 0 && kind < 0.5)
    return Object.fromEntries(
      Array.from({ length: random() * 4 }, (_, index) => [`k"${index}\\`, value(random, depth - 1)]),
    );
  if (kind < 0.6) return null;
  if (kind < 0.7) return random() < 0.5;
  if (kind < 0.85) return random() * 1e6;
  return ['', 'a', '}{][', '\\"', ',:', '漢', '\n'][Math.floor(random() * 7)];
}

describe('a JSON document in pieces', () => {
  it('has the same members and items as the whole', () => {
    const random = seededRandom(1);
    for (let count = 0; count < 2_000; count += 1) {
      const object = Object.fromEntries([1, 2, 3].map((key) => [`${key}`, value(random, 4)]));
      const list = [1, 2, 3].map(() => value(random, 4));
      const indent = count % 3;
      expect(pieces(JSON.stringify(object, null, indent))).toEqual(Object.entries(object));
      expect(pieces(JSON.stringify(list, null, indent))).toEqual(list.map((each) => [null, each]));
    }
  });

  it.each(['{"a": 1', '{"a" 1}', '{"a": [1, 2}', '["x', '{"a": 1 "b": 2}', 'null', '{a: 1}'])(
    '%s is none',
    (text) => {
      expect(() => pieces(text)).toThrow(SyntaxError);
    },
  );
});

describe('settings in JSON', () => {
  it('are as they are written, and compared by what they mean', () => {
    const { settings, values } = settingsInJson(
      '{"lr": 5e-05, "big": 12345678901234567890, "n": 3.0, "none": null, "yes": true, "name": "1e-3", "deep": {"a": {"b": [1, 2]}}, "empty": {}}',
    );
    expect(settings).toEqual({
      lr: '5e-05',
      big: '12345678901234567890',
      n: '3.0',
      none: 'null',
      yes: 'true',
      name: '1e-3',
      'deep.a.b': '[1,2]',
      empty: '{}',
    });
    expect([values.lr, values.n, values.yes, values.name]).toEqual(['0.00005', '3', 'true', '"1e-3"']);
  });

  it('hide what is named as a secret', () => {
    expect(settingsInJson('{"hub_token": "abc", "api_key": null}').settings).toEqual({
      hub_token: '(hidden)',
      api_key: 'null',
    });
  });
});
