import { shapesOf } from './shape.ts';

/** As others write it, who look for secrets too. */
export const asOthersWrite = () =>
  shapesOf((add) => {
    add('env windows, as others write it', (s) => `set WANDB_API_KEY=${s}`);
    add('make, as others write it', (s) => `WANDB_API_KEY := ${s}`);
    add('tfvars, as others write it', (s) => `db_password = "${s}"`);
    add('hcl, as others write it', (s) => `secret_key  = "${s}" # x`);
    add('json camel, as others write it', (s) => `{"accessToken":"${s}"}`);
    add('json nested arr, as others write it', (s) => `{"tokens":["${s}"]}`);
    add('py kw, as others write it', (s) => `login(token="${s}", add_to_git=True)`);
    add('py wandb, as others write it', (s) => `wandb.login(key="${s}")`);
    add('py hf, as others write it', (s) => `HfApi(token='${s}')`);
    add('py openai, as others write it', (s) => `openai.api_key = "${s}"`);
    add('boto, as others write it', (s) => `aws_secret_access_key='${s}/+bcdefgh'`);
    add('requests, as others write it', (s) => `auth=('ada', '${s}')`);
    add('HTTPBasicAuth, as others write it', (s) => `HTTPBasicAuth('ada', '${s}')`);
    add('header list, as others write it', (s) => `-H 'api-key: ${s}'`);
    add('header h2, as others write it', (s) => `:authorization: Bearer ${s}`);
    add('cookie json, as others write it', (s) => `"Cookie": "session=${s}"`);
    add('csrf, as others write it', (s) => `X-CSRFToken: ${s}`);
    add('redis, as others write it', (s) => `AUTH ${s}`);
    add('ftp, as others write it', (s) => `PASS ${s}`);
    add('smtp, as others write it', (s) => `AUTH LOGIN ${s}`);
    add('sql, as others write it', (s) => `CREATE USER ada WITH PASSWORD '${s}';`);
    add('sql identified, as others write it', (s) => `IDENTIFIED BY '${s}'`);
    add('mongo, as others write it', (s) => `db.auth("ada", "${s}")`);
    add('url query sig, as others write it', (s) => `?sv=1&sig=${s}%3D&se=1`);
    add('gitconfig, as others write it', (s) => `[credential]\n  password = ${s}`);
    add('xml attr, as others write it', (s) => `<connection password="${s}" user="a"/>`);
    add('html, as others write it', (s) => `<input type="password" value="${s}">`);
    add('yaml quoted, as others write it', (s) => `"api_key": '${s}'`);
    add('yaml anchor, as others write it', (s) => `api_key: &k ${s}`);
    add('yaml tag, as others write it', (s) => `api_key: !!str ${s}`);
    add('loguru, as others write it', (s) => `2026 | INFO | cfg: token='${s}' step=12`);
    add('hydra, as others write it', (s) => `+wandb.api_key=${s}`);
    add('hydra list, as others write it', (s) => `- wandb.api_key=${s}`);
    add('argparse, as others write it', (s) => `--wandb_api_key ${s} --x`);
    add('absl, as others write it', (s) => `--hf_token=${s}`);
    add('short flag, as others write it', (s) => `-token ${s}`);
    add('docker build, as others write it', (s) => `--build-arg HF_TOKEN=${s}`);
    add('docker secret, as others write it', (s) => `--from-literal=password=${s}`);
    add('kubectl, as others write it', (s) => `kubectl create secret generic x --from-literal=api-key=${s}`);
    add('helm, as others write it', (s) => `--set auth.password=${s}`);
    add('slurm, as others write it', (s) => `--export=ALL,WANDB_API_KEY=${s},X=1`);
    add('ssh env, as others write it', (s) => `ssh h "WANDB_API_KEY=${s} python x"`);
    add('nohup, as others write it', (s) => `env HF_TOKEN=${s} python x`);
    add('repr env list, as others write it', (s) => `env=['A=1', 'HF_TOKEN=${s}']`);
    add('Error, as others write it', (s) => `ValueError: Invalid token passed: ${s}`);
    add('expired, as others write it', (s) => `token ${s} has expired`);
    add('key quoted, as others write it', (s) => `API key '${s}' is invalid`);
    add('apikey parens, as others write it', (s) => `invalid API key (${s})`);
    add('apikey eq, as others write it', (s) => `apiKey=${s}`);
    add('is colon, as others write it', (s) => `Secret: ${s}`);
    add('pw dash, as others write it', (s) => `password - ${s}`);
    add('pw arrow, as others write it', (s) => `password -> ${s}`);
    add('url userinfo trunc, as others write it', (s) => `https://ada:${s}@…`);
    add('url no host, as others write it', (s) => `postgres://ada:${s}@/db`);
    add('url ipv6, as others write it', (s) => `postgres://ada:${s}@[::1]:5432/db`);
    add('url %, as others write it', (s) => `postgres%2Bx://ada:${s}@h`);
    add('dsn mysql go, as others write it', (s) => `ada:${s}@tcp(db:3306)/x`);
    add('hex, as others write it', (s) => `api_key=b'${s}'`);
    add('base64 json, as others write it', (s) => `Authorization: ${s}`);
    add('x-goog, as others write it', (s) => `x-goog-api-key: ${s}`);
    add('ocp, as others write it', (s) => `Ocp-Apim-Subscription-Key: ${s}`);
    add('aws header, as others write it', (s) => `X-Amz-Security-Token: ${s}`);
    add(
      'sig v4, as others write it',
      (s) => `Authorization: AWS4-HMAC-SHA256 Credential=x/2026, SignedHeaders=host, Signature=${s}`,
    );
    add('dict repr bytes, as others write it', (s) => `{b'Authorization': b'Bearer ${s}'}`);
    add('tuple hdr, as others write it', (s) => `('Authorization', 'Bearer ${s}')`);
  });
