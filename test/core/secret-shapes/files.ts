import { BASE32, base64, hex, random } from '../random-secrets.ts';
import { shapesOf } from './shape.ts';

/** In files of credentials. */
export const inFiles = () =>
  shapesOf((add) => {
    add(
      'an AWS pair in CSV',
      (s) => `Access key ID,Secret access key\nAKIA${random(16, BASE32)},${s}`,
      base64(40),
    );
    add(
      'AWS credentials',
      (s) => `[default]\naws_access_key_id = AKIA${random(16, BASE32)}\naws_secret_access_key = ${s}`,
      base64(40),
    );
    add(
      'AWS JSON',
      (s) => `{"AccessKeyId": "x", "SecretAccessKey": "${s}", "SessionToken": "y"}`,
      base64(40),
    );
    add('netrc', (s) => `machine api.wandb.ai\n  login user\n  password ${s}`, hex(40));
    add('netrc on one line', (s) => `machine host.example login ada password ${s}`);
    add('netrc with an account', (s) => `machine h login ada account x password ${s}`);
    add('a line of netrc', (s) => `  password ${s}`, hex(40));
    add('.pgpass', (s) => `db.example:5432:train:ada:${s}`);
    add('.npmrc', (s) => `//registry.npmjs.org/:_authToken=${s}`);
    add('.npmrc basic', (s) => `_auth=${s}`);
    add('.docker/config.json', (s) => `{"auths": {"registry.example": {"auth": "${s}"}}}`);
    add('.git-credentials', (s) => `https://ada:${s}@github.com`);
    add('kaggle.json', (s) => `{"username":"ada","key":"${s}"}`, hex(32));
  });
