import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { parseInput } from '../../src/chat/parse.ts';
import { splitWords } from '../../src/chat/words.ts';
import { usage } from '../../src/core/usage.ts';

const parse = (words: string, inThread = false) => {
  const where = { jobImplied: inThread, namesExperiment: (word: string) => ['base', 'lr-2'].includes(word) };
  const { command, raw } = parseInput({ kind: 'text', words }, COMMANDS, where);
  return {
    command: command.name,
    ...raw.named,
    ...(Object.keys(raw.assignments).length > 0 ? { set: raw.assignments } : {}),
  };
};

describe('splitting a typed line', () => {
  it('keeps quoted words together, with plain and curved quotes, at a start and after =', () => {
    const words = splitWords('a "b c" d=“e f” g=\'h i\' it\'s \u00a0 j="k \\"l\\""').map(({ text }) => text);
    expect(words).toEqual(['a', 'b c', 'd=e f', 'g=h i', "it's", 'j=k "l"']);
  });

  it('takes a quote that is never closed as a character', () => {
    expect(splitWords('say "hello').map(({ text }) => text)).toEqual(['say', '"hello']);
  });
});

describe('reading a command', () => {
  it('binds words by place, by name, and as settings of the task', () => {
    expect(parse('queue toy learning_rate=0.003 position=2 hypothesis="lower is smoother"')).toEqual({
      command: 'queue',
      preset: 'toy',
      position: '2',
      hypothesis: 'lower is smoother',
      set: { learning_rate: '0.003' },
    });
  });

  it('accepts a missing optional option', () => {
    expect(parse('logs 7 task 100')).toEqual({ command: 'logs', job: '7', kind: 'task', lines: '100' });
    expect(parse('logs task', true)).toEqual({ command: 'logs', kind: 'task' });
  });

  it('takes a word with a # before it for a tag, of what can be listed by one', () => {
    const listed = { command: 'experiment', action: 'list', tag: '#warm-up' };
    expect(parse('experiment list #warm-up')).toEqual(listed);
    expect(parse('experiment list "#warm-up" limit=5')).toEqual({ ...listed, limit: '5' });
    expect(parse('experiment #warm-up')).toEqual({ command: 'experiment', tag: '#warm-up' });
    expect(parse('experiment edit base #warm-up')).toEqual({ ...listed, action: 'edit', experiment: 'base' });
    expect(parse('note 7 #warm-up helps')).toEqual({ command: 'note', job: '7', text: '#warm-up helps' });
    expect(() => parse('experiment list #a #b')).toThrow(/tag is given twice/);
  });

  it("takes a lone number in a job's thread as what the command cannot do without", () => {
    expect(parse('move 1', true)).toEqual({ command: 'move', position: '1' });
    expect(parse('move 7 1', true)).toEqual({ command: 'move', job: '7', position: '1' });
  });

  it("takes an experiment's id for its job, but for a word that may begin a text in a thread", () => {
    expect(parse('verdict base confirmed it learns')).toMatchObject({ job: 'base', verdict: 'confirmed' });
    expect(parse('verdict base confirmed it learns', true)).toMatchObject({ job: 'base' });
    expect(parse('compare base,lr-2 7 value/mae')).toMatchObject({ jobs: 'base,lr-2 7', tag: 'value/mae' });
    expect(parse('note base looks good')).toMatchObject({ job: 'base', text: 'looks good' });
    expect(parse('note base looks good', true)).toEqual({ command: 'note', text: 'base looks good' });
  });

  it('takes the first word of a command about a job for it, so that a wrong one can be named', () => {
    expect(parse('verdict plan-1 confirmed no')).toMatchObject({ job: 'plan-1', verdict: 'confirmed' });
    expect(parse('verdict confirmed no', true)).toEqual({
      command: 'verdict',
      verdict: 'confirmed',
      result: 'no',
    });
  });

  it('gives the rest of the line as it was typed to an option that takes it', () => {
    expect(parse('note 7 the "loss"  jumps = badly')).toEqual({
      command: 'note',
      job: '7',
      text: 'the "loss"  jumps = badly',
    });
    expect(parse('note looks good', true)).toEqual({ command: 'note', text: 'looks good' });
  });

  it('takes options by name at the end of a text for themselves, and leaves every other = in it', () => {
    expect(parse('verdict 7 confirmed smoother, 3% better next="try a warm-up" replace=true')).toEqual({
      command: 'verdict',
      job: '7',
      verdict: 'confirmed',
      result: 'smoother, 3% better',
      next: 'try a warm-up',
      replace: 'true',
    });
    const result = (words: string) => parse(`verdict 7 confirmed ${words}`);
    expect(result('lr=0.1 is better')).toMatchObject({ result: 'lr=0.1 is better' });
    expect(result('better with lr=0.1')).toMatchObject({ result: 'better with lr=0.1' });
    expect(result('next=5 was better')).toEqual(
      expect.objectContaining({ command: 'verdict', next: '5', result: 'was better' }),
    );
    expect(result('see next=5 for more')).toMatchObject({ result: 'see next=5 for more' });
    expect(() => result('better next=a next=b')).toThrow(/next is given twice/);
    expect(parse('note it looks like job=7', true)).toEqual({
      command: 'note',
      text: 'it looks like job=7',
    });
  });

  it('keeps an option in quotes at the end of a text as text', () => {
    expect(parse('verdict 7 confirmed better with "next=5"')).toEqual({
      command: 'verdict',
      job: '7',
      verdict: 'confirmed',
      result: 'better with "next=5"',
    });
    expect(parse('verdict 7 confirmed "better with next=5" next=sweep')).toMatchObject({
      result: 'better with next=5',
      next: 'sweep',
    });
  });

  it('prints a usage that works as printed: what takes the rest of the line stands last', () => {
    const verdict = COMMANDS.find(({ name }) => name === 'verdict')!;
    expect(usage(COMMANDS.find(({ name }) => name === 'sweep')!)).toMatch(
      /^sweep PRESET key=from\.\.to\|a,b \[key=value…\] /,
    );
    expect(usage(verdict)).toBe('verdict JOB confirmed|refuted|inconclusive [replace] [next=…] [result]');
  });

  it('names the nearest command, and what a command takes, when a word fits nothing', () => {
    expect(() => parse('quue toy')).toThrow(/no command "quue"/);
    expect(() => parse('move 7 1 9')).toThrow(/"9" does not match any option/);
    expect(() => parse('move 7 positon=1')).toThrow(/no option positon/);
    expect(() => parse('queue toy position=1 position=2')).toThrow(/given twice/);
  });

  it('refuses a line too long to be a command', () => {
    expect(() => parse(`note 7 ${'x'.repeat(100_000)}`)).toThrow(/at most 20000/);
  });
});
