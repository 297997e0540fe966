import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../helpers.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));
const SECRETS = [
  'sk-abcdef0123456789abcdef',
  'hunter2hunter2',
  'abcd1234efgh5678',
  'pw123456',
  'verysecret1',
];

it.each([[[]], [['--json']], [['--raw']]])(
  'run FOLDER %j shows no secret of its settings, and every name legibly',
  (flags) => {
    const folder = temporaryFolder();
    const param = `mlruns/0/${'a'.repeat(32)}/params`;
    mkdirSync(join(folder, param), { recursive: true });
    writeFileSync(join(folder, param, 'api_key'), 'verysecret1');
    writeFileSync(
      join(folder, 'config.json'),
      JSON.stringify({
        lr: 0.1,
        api_key: SECRETS[0],
        nested: { password: SECRETS[1] },
        list: [{ token: SECRETS[2] }],
        url: `https://ada:${SECRETS[3]}@host/x`,
      }),
    );
    writeFileSync(join(folder, 'hparams.yaml'), `hub_token: ${SECRETS[2]}\nepochs: 3\n`);
    writeFileSync(join(folder, 'a\x1b[31m\nForged: 1\x07.csv'), 'step,lo\x1b[31mss\n1,0.5\n2,0.25\n');
    const text = execFileSync(process.execPath, [PROGRAM, 'run', folder, ...flags], { encoding: 'utf8' });
    expect(text).toMatch(/0\.25/);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
    expect(text).not.toMatch(/^Forged/m);
  },
);

/** What `run FOLDER` prints of a folder with these files. */
function printed(files: Record<string, string | Buffer>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  // A folder without metrics is an exit code of 1.
  return spawnSync(process.execPath, [PROGRAM, 'run', folder], { encoding: 'utf8' }).stdout;
}

it('run FOLDER says which curves could be the objective as well, and which settings its parts do not share', () => {
  const table = 'step,val_loss\n1,0.5\n2,0.4\n';
  const text = printed({
    'a/metrics.csv': table,
    'a/hparams.yaml': 'lr: 0.1\nseed: 1\n',
    'b/metrics.csv': table,
    'b/hparams.yaml': 'lr: 0.2\nseed: 2\n',
  });
  expect(text).toContain('Objective: a/val_loss (less is better), by its loss on held-out data');
  expect(text).toContain('That is as true of b/val_loss.');
  expect(text).toContain('xaxbot session change metric=TAG');
  expect(text).toContain('Its parts were started with different settings (lr)');
  expect(text).toContain('Settings: none; there is none that is the same in all its parts');
});

it.each([
  ['no values yet', { 'events.out.tfevents.1.h.1.0': '' }],
  ['Nothing of the files of metrics could be read.', { 'events.out.tfevents.1.h.1.0': Buffer.alloc(400, 7) }],
  ['no column that counts steps', { 'metrics.csv': 'loss,acc\n1,2\n' }],
  ['Nothing of the files of metrics could be read.', { 'metrics.csv': 'loss,acc\n1,2\n' }],
])('run FOLDER says %s where that is so', (words, files) => {
  expect(printed(files)).toContain(words);
});
