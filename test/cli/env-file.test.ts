import { expect, it } from 'vitest';
import { withVariables } from '../../src/cli/init/env-file.ts';

it('the text of a .env keeps everything but the variables that are set', () => {
  const text = '# a\nA=1\nexport B=2\n#C=3\nA=9\n';
  expect(withVariables(text, { A: '9' })).toBe(text);
  expect(withVariables(text, { A: '5', B: "it's", C: 'a b', D: '$x' })).toBe(
    "# a\nA=1\nB=\"it's\"\nC='a b'\nA=5\nD='$x'\n",
  );
});
