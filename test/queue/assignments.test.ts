import { describe, expect, it } from 'vitest';
import { checkAssignment } from '../../src/queue/assignments.ts';

describe('a value on its way to a task', () => {
  it('is refused when xax would read an environment variable into it, however that is spelt', () => {
    const spellings = [
      '${oc.env:HF_TOKEN}',
      '"\\x24{oc.env:HF_TOKEN}"',
      '["\\u0024{oc.env:A}"]',
      '"$\\\n{oc.env:A}"',
      'a\u0085b',
      'a\u2028b',
    ];
    for (const value of spellings) expect(() => checkAssignment('name', value), value).toThrow(/contains/);
  });

  it('is let through as ordinary text', () => {
    for (const value of ['3e-4', 'runs\\old', 'a "quoted" word', '$HOME', 'é 🕒'])
      expect(() => checkAssignment('name', value)).not.toThrow();
  });
});
