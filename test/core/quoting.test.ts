import { describe, expect, it } from 'vitest';
import { NOWHERE, parseInput } from '../../src/chat/parse.ts';
import { defineCommand } from '../../src/core/command.ts';
import { assignmentsText } from '../../src/core/quoting.ts';

const VALUES = [
  'plain',
  '0.001',
  '',
  'two words',
  'a "quoted" word',
  "it's",
  '“curved” and „low“',
  'back\\slash',
  'ends with \\',
  '\\"',
  'a=b',
  'a="b c"',
  'no\u00a0break',
  'zero\u200bwidth',
  'two\nlines',
  '/data/my set,v=2',
  '[1, 2]',
];

describe('settings in a line', () => {
  const command = defineCommand({
    name: 'try',
    summary: '',
    examples: [],
    options: { settings: { type: 'assignments', description: '' } },
    role: null,
    visibility: 'private',
    changes: false,
    run: async () => ({}),
    view: () => ({ blocks: [] }),
  });
  const settings = Object.fromEntries(VALUES.map((value, index) => [`key_${index}`, value]));

  it('are read back as they were, typed and from a form', () => {
    const typed = parseInput({ kind: 'text', words: `try ${assignmentsText(settings)}` }, [command], NOWHERE);
    expect({ ...typed.raw.assignments }).toEqual(settings);
    for (const between of [' ', '\n']) {
      const options = { settings: assignmentsText(settings, between) };
      const sent = parseInput({ kind: 'options', command: 'try', options }, [command], NOWHERE);
      expect({ ...sent.raw.assignments }).toEqual(settings);
    }
  });

  it('are in quotes only where they must be', () => {
    expect(assignmentsText({ a: '1e-3', b: 'x,y', c: 'x y' })).toBe('a=1e-3 b=x,y c="x y"');
  });
});
