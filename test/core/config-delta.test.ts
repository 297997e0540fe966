import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changesText, configChanges, distinguishing, LEFT_OUT } from '../../src/core/config-delta.ts';
import { isSecretName } from '../../src/core/secret-names.ts';
import { maskSecrets } from '../../src/core/secrets.ts';
import { createRunConfig } from '../../src/metrics/run-config.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { FIXTURES } from '../recorded.ts';

const config = (run: string) =>
  createRunConfig(createRunFiles(join(FIXTURES, 'runs', run)))
    .read()
    .then(({ settings }) => settings);

describe('what differs between two runs', () => {
  it('is told of recorded runs without what says only where they lie', async () => {
    const changes = configChanges(await config('run_005'), await config('run_008'));
    expect(changesText(changes)).toBe(
      'learning_rate 0.01 -> 0.003, max_steps 300 -> 20000, sleep 0.05 -> 0.01',
    );
    expect(readFileSync(join(FIXTURES, 'runs/run_005/config.yaml'), 'utf8')).toContain('run_dir: ');
  });

  it('is nothing of where another stack writes, nor of how it names, logs and keeps a run', () => {
    const one = { output_dir: 'out/1', 'trainer.default_root_dir': 'a', run_name: 'x', save_steps: '10' };
    const other = { output_dir: 'out/2', 'trainer.default_root_dir': 'b', run_name: 'y', save_steps: '20' };
    expect(configChanges({ ...one, lr: '0.1' }, { ...other, lr: '0.1' })).toEqual([]);
    expect(changesText(configChanges({ ...one, lr: '0.1' }, { ...other, lr: '0.2' }))).toBe('lr 0.1 -> 0.2');
  });

  it('leaves out what the documents say, and nothing else', () => {
    const documented = readFileSync(new URL('../../docs/runs.md', import.meta.url), 'utf8')
      .split('Left out')[1]!
      .split('\n\n')[0]!;
    expect([...documented.matchAll(/`([^`]+)`/g)].map(([, key]) => key)).toEqual([...LEFT_OUT]);
  });

  it('names what only one of them has, and counts what is too much to say', () => {
    const changes = configChanges({ a: '1', gone: 'x' }, { a: '2', 'optimizer.name': 'adam' });
    expect(changesText(changes)).toBe('a 1 -> 2, gone x -> unset, optimizer.name unset -> adam');
    expect(changesText(changes, 1)).toBe('a 1 -> 2, 2 more');
  });

  it('shows an empty text, and blanks at the ends of one', () => {
    const text = (from: string, to: string) => changesText(configChanges({ tag: from }, { tag: to }));
    expect(text('', 'null')).toBe('tag "" -> null');
    expect(text('x', 'x ')).toBe('tag x -> "x "');
    expect(text(' ', '  ')).toBe('tag " " -> "  "');
  });

  it('says that a secret changed and not to what', () => {
    const changes = configChanges(
      { 'db.password': 'one', url: 'https://me:hunter2@host/x', note: 'hf_abcdefghijklmnopqrstuvwx' },
      { 'db.password': 'two', url: 'https://me:other@host/x', note: 'plain' },
    );
    expect(changes).toEqual([
      { key: 'db.password', from: '(hidden)', to: '(hidden)' },
      { key: 'note', from: '(hidden)', to: 'plain' },
      { key: 'url', from: 'https://me:(hidden)@host/x', to: 'https://me:(hidden)@host/x' },
    ]);
  });

  it('keeps a name that is no own property of an object from being taken for a setting', () => {
    expect(configChanges({}, { constructor: 'x' })).toEqual([{ key: 'constructor', from: null, to: 'x' }]);
  });

  it('gives each of several runs the settings that tell it from the others, shortly named', () => {
    const labels = distinguishing(
      [
        { 'optimizer.rate': '1', same: 'x', run_dir: '/a' },
        { 'optimizer.rate': '2', same: 'x', run_dir: '/b' },
        { same: 'x', run_dir: '/c' },
      ],
      4,
    );
    expect(labels).toEqual(['rate=1', 'rate=2', 'rate=unset']);
    expect(
      distinguishing(
        [
          { 'a.rate': '1', 'b.rate': '1' },
          { 'a.rate': '2', 'b.rate': '2' },
        ],
        4,
      )[0],
    ).toBe('a.rate=1 b.rate=1');
  });
});

describe('a secret', () => {
  it.each([
    'wandb.api_key',
    'hf_token',
    'password',
    'db.passwd',
    'aws_secret_access_key',
    'auth',
    'db_pwd',
    'hfToken',
    'wandbApiKey',
    'env.OPENAI_KEY',
    'ssh_key',
    'token',
  ])('stands in a setting called %s', (name) => expect(isSecretName(name)).toBe(true));
  it.each([
    'tokenizer',
    'max_tokens',
    'num_tokens_per_batch',
    'key_dim',
    'author',
    'num_passes',
    'token_dim',
    'model.pad_token',
    'image_key',
    'sort_key',
    'tokens',
  ])('does not stand in one called %s', (name) => expect(isSecretName(name)).toBe(false));
  it('is hidden wherever it shows itself by its form', () => {
    const text = 'a xoxb-1234567890-abc b AKIAABCDEFGHIJKLMNOP c ghp_abcdefghijklmnopqrst12 d';
    expect(maskSecrets(text)).toBe('a (hidden) b (hidden) c (hidden) d');
    expect(maskSecrets('https://hooks.slack.com/services/T01/B01/abc and more')).toBe(
      'https://hooks.slack.com/services/(hidden) and more',
    );
  });
});
