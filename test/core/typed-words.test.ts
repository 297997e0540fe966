import { expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { parseInput } from '../../src/chat/parse.ts';
import { typedWords } from '../../src/core/typed-words.ts';

const NOWHERE = { jobImplied: false, namesExperiment: () => false };
const echo = (command: string, options: Record<string, string>) =>
  typedWords(
    { adapter: 'web', input: { kind: 'options', command, options } },
    { commands: COMMANDS, nameOf: ({ jobId }) => jobId, typed: (_adapter, line) => `/xax ${line}` },
  );

it('shows a press or a form as somebody would have typed it', () => {
  const job = 'vm/job-0000018@1795878416.704';
  expect(echo('queue', { preset: 'toy', settings: 'a=1\nb=2', hypothesis: 'it "learns" more' })).toBe(
    '/xax queue toy a=1 b=2 hypothesis="it \\"learns\\" more"',
  );
  expect(echo('verdict', { job, verdict: 'confirmed', result: 'smoother, 3%', next: 'go on' })).toBe(
    '/xax verdict job-0000018 confirmed next="go on" smoother, 3%',
  );
  expect(echo('move', { job, position: '1' })).toBe('/xax move job-0000018 1');
  expect(echo('logs', { job, lines: '50' })).toBe('/xax logs job-0000018 lines=50');
  expect(echo('status', {})).toBe('/xax status');
});

it('shows words that mean the same when they are typed', () => {
  const cases: [string, Record<string, string>][] = [
    ['queue', { preset: 'toy', settings: 'a=1\nb=2', hypothesis: 'it "learns" more', position: '2' }],
    ['verdict', { job: 'job-0000018', verdict: 'confirmed', result: 'smoother, 3%', next: 'go on' }],
    ['hypothesis', { action: 'add', text: 'wider is better', name: 'wide-1' }],
    ['watch', { action: 'mute', rule: 'nan', minutes: '60', job: 'job-0000018' }],
    ['metrics', { job: 'job-0000018', panels: 'true' }],
    ['dismiss', { preset: 'toy', settings: 'a=1', reason: 'tried elsewhere' }],
  ];
  for (const [command, options] of cases) {
    const words = echo(command, options).slice('/xax '.length);
    const given = parseInput({ kind: 'options', command, options }, COMMANDS, NOWHERE);
    expect(parseInput({ kind: 'text', words }, COMMANDS, NOWHERE).raw, words).toEqual(given.raw);
  }
});

it('names jobs by their queues where there are several, one or more of them', () => {
  const said = (command: string, job: string) =>
    typedWords(
      {
        adapter: 'web',
        input: { kind: 'options', command, options: command === 'compare' ? { jobs: job } : { job } },
      },
      {
        commands: COMMANDS,
        nameOf: ({ queue, jobId }) => `${queue}/${jobId}`,
        typed: (_adapter, line) => `/xax ${line}`,
      },
    );
  expect(said('cancel', 'gpu-02/job-0000018@1795878416.704')).toBe('/xax cancel gpu-02/job-0000018');
  expect(said('compare', 'gpu-01/job-0000001@1795878416.704 gpu-02/job-0000001@1795878417.1')).toBe(
    '/xax compare "gpu-01/job-0000001 gpu-02/job-0000001"',
  );
});
