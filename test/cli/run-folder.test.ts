import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
