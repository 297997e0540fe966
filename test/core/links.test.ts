import { expect, it } from 'vitest';
import { linkProblem, linksOf, need } from '../../src/core/links.ts';

const NAMES = { job: 'job-0000007', experiment: 'lr/0.003 #2', run: 'run_007', task: 'lm.SmallGPT' };
const COMMIT = '0123456789abcdef0123456789abcdef01234567';

it('an address of a link is https, without a password, and has only places that there are', () => {
  const wrong = [
    ['http://wandb.ai/{run}', /https/],
    ['https://ada:secret@git.example.com/{commit}', /name or password/],
    ['https://x@git.example.com/{commit}', /name or password/],
    ['https://{run}.example.com/', /its host/],
    ['https://example.com/{user}', /\{user\} is none of \{job\}, \{experiment\}/],
    ['https://example.com/{__proto__}', /is none of/],
    ['https://example.com/{run', /no address/],
    ['https://example.com/a b', /no address/],
    ['javascript:alert(1)//{run}', /https/],
    ['{run}', /no address/],
    ['', /no address/],
  ] as const;
  for (const [url, problem] of wrong) expect(linkProblem(url), url).toMatch(problem);
  for (const url of ['https://wandb.ai/t/p/runs/{run}', 'https://g.example.com:8443/c/{commit}?w=1#diff'])
    expect(linkProblem(url), url).toBeUndefined();
});

it('what people called an experiment is a part of the address, and can lead nowhere else', () => {
  expect(linksOf([{ label: 'W&B', url: 'https://wandb.ai/t/p?q={experiment}' }], NAMES, null)).toEqual([
    { label: 'W&B', url: 'https://wandb.ai/t/p?q=lr%2F0.003%20%232' },
  ]);
});

it('a commit is named, says what ran beside it, and is no link where the run recorded none', () => {
  const templates = [
    { label: 'commit', url: 'https://github.com/ada/proj/commit/{commit}' },
    { label: 'run', url: 'https://example.com/{run}' },
  ];
  expect(need(templates, 'commit')).toBe(true);
  expect(need(templates.slice(1), 'commit')).toBe(false);
  const labels = (isDirty: boolean) =>
    linksOf(templates, NAMES, { commit: COMMIT, isDirty }).map(({ label }) => label);
  expect(labels(false)).toEqual(['commit 0123456789', 'run']);
  expect(labels(true)).toEqual(['commit 0123456789, with changes that are not in it', 'run']);
  expect(linksOf(templates, NAMES, null).map(({ label }) => label)).toEqual(['run']);
});

it('a diff names both commits, and is no link where there is nothing to compare with', () => {
  const templates = [{ label: 'diff', url: 'https://github.com/ada/proj/compare/{base}...{commit}' }];
  const base = 'fedcba9876543210fedcba9876543210fedcba98';
  const git = { commit: COMMIT, isDirty: false };
  expect(linksOf(templates, NAMES, git, base)).toEqual([
    {
      label: 'diff fedcba9876..0123456789',
      url: `https://github.com/ada/proj/compare/${base}...${COMMIT}`,
    },
  ]);
  expect(linksOf(templates, NAMES, git, null)).toEqual([]);
  expect(linksOf(templates, NAMES, null, base)).toEqual([]);
});
