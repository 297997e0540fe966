import { BASE32, base64, DIGITS, hex, random, urlsafe, uuid } from './random-secrets.ts';
import { TOKENS } from './secret-tokens.ts';

/** A text that holds secrets, and what of it nobody may read. */
export interface Shape {
  name: string;
  text: string;
  secrets: readonly string[];
}

/** What stands before the secret within a token, which may be read. */
const OPEN = /^(?:https:\/\/[\w./]+?\/(?:services|webhooks)\/|https:\/\/|[A-Z_]+=|)/;

function ofToken([name, token]: readonly [string, string, string?], text: (token: string) => string): Shape {
  const secret = token
    .replace(OPEN, '')
    .split(/@| [A-Z_]+=|FlyV1 /)
    .filter((part) => !part.includes('ingest'));
  return { name, text: text(token), secrets: secret.filter((part) => part.length > 8) };
}

const json = (value: unknown) => JSON.stringify(value);
const half = (token: string) => Math.max(17, Math.floor(token.length / 2));

/** Where tokens turn up. */
const PLACES: readonly (readonly [string, (token: string) => string])[] = [
  ['in a sentence', (token) => `step 12: the request with ${token} failed at 14:02`],
  ['in quotes', (token) => `raise AuthError('${token}') at 14:02`],
  ['in JSON', (token) => `{"step": 12, "value": ${json(token)}, "at": "14:02"}`],
  ['in JSON within JSON', (token) => `{"step": 12, "body": ${json(json({ v: token }))}, "at": "14:02"}`],
  ['in a query', (token) => `GET /v1/x?a=1&q=${token}&at=14:02 failed`],
  ['in parentheses', (token) => `login(${token}) step 12 14:02`],
  ['behind a zero-width space', (token) => `step 12 \u200b${token.slice(0, 9)}\u200b${token.slice(9)} 14:02`],
  [
    'across a colour',
    (token) => `step 12 \u001b[31m${token.slice(0, 9)}\u001b[1;32m${token.slice(9)}\u001b[0m 14:02`,
  ],
  ["in a window's title", (token) => `14:02 \u001b]0;step 12 ${token}\u0007 step 13`],
  ["in a window's title without an end", (token) => `14:02 \u001b]0;step 12 ${token} step 13`],
  ['right behind the beginning of a control string', (token) => `14:02 \u001bP${token}\u001b\\ step 13`],
  ['in a link of a terminal', (token) => `14:02 \u001b]8;;https://a.test/?v=${token}\u001b\\step 13`],
  ['as a default of a repr', (token) => `Config(lr=0.1, extra='${token}', seed=12) 14:02`],
  ['in a list', (token) => `args: ['train', '${token}', '12'] 14:02`],
  [
    'across a wrapped line',
    (token) => `at 14:02 ${token.slice(0, half(token))}\n${token.slice(half(token))}\nstep 12`,
  ],
];

/** Found by their ends, which a wrapped line has elsewhere. */
const NOT_WRAPPED = ['Sentry DSN', 'Mailchimp key'];

export const TOKEN_SHAPES: readonly Shape[] = PLACES.flatMap(([place, text]) =>
  TOKENS.filter(([, token]) => place === 'in a sentence' || !/[ =]/.test(token))
    .filter(([name]) => !place.includes('wrapped') || !NOT_WRAPPED.includes(name))
    .map((token) => {
      const shape = ofToken(token, text);
      return { ...shape, name: `${shape.name} ${place}` };
    }),
);

const pem = (kind: string, lines: string[]) =>
  [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`].join('\n');
const keyLines = () => Array.from({ length: 8 }, () => base64(64));

function ofKeys(): Shape[] {
  return [
    'RSA PRIVATE KEY',
    'PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
    'EC PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
  ].flatMap((kind) => {
    const lines = keyLines();
    const whole = pem(kind, lines);
    const [head, tail] = [whole.split('\n').slice(0, 6), whole.split('\n').slice(4)];
    return [
      { name: `${kind}, whole`, text: `wrote\n${whole}\nstep 12`, secrets: lines },
      { name: `${kind}, its END cut off`, text: `wrote\n${head.join('\n')}`, secrets: lines.slice(0, 5) },
      { name: `${kind}, its BEGIN cut off`, text: `${tail.join('\n')}\nstep 12`, secrets: lines.slice(3) },
      { name: `${kind}, within JSON`, text: json({ k: whole, step: 12 }), secrets: lines },
      {
        name: `${kind}, tail within JSON`,
        text: `${json(tail.join('\n')).slice(1)}, "step": 12`,
        secrets: lines.slice(3),
      },
      {
        name: `${kind}, indented`,
        text: `  key: |\n${whole.replace(/^/gm, '    ')}\nstep: 12`,
        secrets: lines,
      },
      {
        name: `${kind}, behind a log's times`,
        text: whole.replace(/^/gm, '2026-11-23 15:24:01 INFO '),
        secrets: lines,
      },
      {
        name: `${kind}, tail behind a log's times`,
        text: `${tail.join('\n').replace(/^/gm, '[rank0] ')}\nstep 12`,
        secrets: lines.slice(3),
      },
    ];
  });
}

function ofNames(): Shape[] {
  const shapes: Shape[] = [];
  const add = (name: string, text: (secret: string) => string, secret = random(24)) =>
    shapes.push({ name, text: text(secret), secrets: [secret] });

  // What a name says.
  for (const name of [
    'WANDB_API_KEY',
    'HF_TOKEN',
    'HUGGING_FACE_HUB_TOKEN',
    'OPENAI_API_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AZURE_CLIENT_SECRET',
    'AZURE_STORAGE_KEY',
    'AccountKey',
    'SharedAccessKey',
    'SECRET_KEY',
    'MASTER_KEY',
    'ENCRYPTION_KEY',
    'APP_KEY',
    'GITHUB_PAT',
    'PGPASSWORD',
    'MYSQL_PWD',
    'REDIS_PASS',
    'DB_PASSWORD',
    'SMTP_PASSPHRASE',
    'NEPTUNE_API_TOKEN',
    'COMET_API_KEY',
    'CLEARML_API_SECRET_KEY',
    'MLFLOW_TRACKING_PASSWORD',
    'MLFLOW_TRACKING_TOKEN',
    'SWANLAB_API_KEY',
    'NGC_API_KEY',
    'KAGGLE_KEY',
    'TWILIO_AUTH_TOKEN',
    'DD_APP_KEY',
    'SENTRY_AUTH_TOKEN',
    'SLACK_SIGNING_SECRET',
    'JWT_SECRET',
    'ACCESS_TOKEN',
    'REFRESH_TOKEN',
    'ID_TOKEN',
    'CSRF_TOKEN',
    'VAULT_TOKEN',
    'DJANGO_SECRET',
    'private_token',
    'clientSecret',
    'wandb.api_key',
    'x-api-key',
    'apikey',
    'passwd',
    'credentials',
    'license_key',
    'webhook_secret',
    'session_id_secret',
    'LICENSE_KEY',
    'WEBHOOK_URL',
  ])
    add(`${name} in an environment`, (secret) => `step=12\n${name}=${secret}\nat=14:02`);

  // How it is given.
  add('an export of a shell', (s) => `export HF_TOKEN="${s}" && train`);
  add('a setenv of csh', (s) => `setenv HF_TOKEN ${s}\ntrain`);
  add('an ENV of a Dockerfile', (s) => `ENV WANDB_API_KEY ${s}\nRUN x`);
  add('set -gx of fish', (s) => `set -gx WANDB_API_KEY ${s}; train`);
  add('PowerShell', (s) => `$env:WANDB_API_KEY = "${s}"`);
  add('docker -e', (s) => `docker run -e WANDB_API_KEY=${s} -e STEP=12 image`);
  add('docker --env', (s) => `docker run --env=WANDB_API_KEY=${s} image`);
  add('a flag', (s) => `train --api-key ${s} --lr 0.1`);
  add('a flag with =', (s) => `train --hf_token=${s} --lr 0.1`);
  add('a flag of wandb', (s) => `wandb login --relogin ${s}`);
  add('wandb login', (s) => `$ wandb login ${s}`, hex(40));
  add('huggingface-cli login', (s) => `huggingface-cli login --token ${s}`);
  add('curl -u', (s) => `curl -u ada:${s} https://host.example/x`);
  add('curl -u joined', (s) => `curl -uada:${s} https://host.example/x`);
  add('curl --user', (s) => `curl --user 'ada:${s}' https://host.example/x`);
  add('curl -H', (s) => `curl -H 'X-Api-Key: ${s}' https://host.example/x`);
  add('curl -H bearer', (s) => `curl -H "Authorization: Bearer ${s}" https://host.example/x`);
  add('curl cookie', (s) => `curl -b 'session=${s}' https://host.example/x`);
  add('wget', (s) => `wget --password=${s} https://host.example/x`);
  add('sshpass', (s) => `sshpass -p ${s} ssh host`);
  add('mysql', (s) => `mysql -u root -p${s} db`);
  add('docker login', (s) => `docker login -u ada -p ${s} registry.example`);
  add('redis-cli', (s) => `redis-cli -a ${s} ping`);
  add('argv in Python', (s) => `['train', '--api-key', '${s}', '--lr', '0.1']`);
  add('argv in JSON', (s) => `["train", "--wandb-api-key", "${s}", "--lr", "0.1"]`);
  add('a pair', (s) => `[('api_key', '${s}'), ('lr', 0.1)]`);
  add('a dict', (s) => `{'api_key': '${s}', 'lr': 0.1}`);
  add('a dict of bytes', (s) => `{b'api_key': b'${s}', 'lr': 0.1}`);
  add('a dataclass', (s) => `Config(api_key='${s}', lr=0.1)`);
  add('pydantic', (s) => `api_key='${s}' lr=0.1`);
  add('SecretStr', (s) => `Config(password=SecretStr('${s}'), lr=0.1)`);
  add(
    'an input of pydantic',
    (s) => `hf_token\n  Input should be valid [type=x, input_value='${s}', input_type=str]`,
  );
  add('os.environ', (s) => `os.environ['WANDB_API_KEY'] = '${s}'`);
  add('environ repr', (s) => `environ({'PATH': '/bin', 'WANDB_API_KEY': '${s}', 'USER': 'ada'})`);
  add('putenv', (s) => `os.putenv("WANDB_API_KEY", "${s}")`);
  add('setdefault', (s) => `os.environ.setdefault('WANDB_API_KEY', '${s}')`);
  add('a line of rich', (s) => `│   api_key = '${s}'   │`);
  add('a namespace', (s) => `Namespace(hf_token='${s}', lr=0.1)`);
  add('YAML', (s) => `wandb:\n  api_key: ${s}\nlr: 0.1`);
  add('a block of YAML', (s) => `api_key: |\n  ${s}\nlr: 0.1`);
  add('a folded block of YAML', (s) => `api_key: >-\n  ${s}\n\n  ${random(10)}\nlr: 0.1`);
  add('a list of YAML', (s) => `api_keys:\n  - first\n  - ${s}\nlr: 0.1`);
  add('a list of YAML not further in', (s) => `api_keys:\n- first\n- ${s}\nlr: 0.1`);
  add('a map of YAML', (s) => `credentials:\n  user: ada\n  value: ${s}\nlr: 0.1`);
  add('the next line', (s) => `password:\n  ${s}\nlr: 0.1`);
  add('Kubernetes', (s) => `env:\n- name: WANDB_API_KEY\n  value: ${s}\n- name: STEP\n  value: "12"`);
  add(
    'Kubernetes in JSON',
    (s) => `{"name": "WANDB_API_KEY", "value": "${s}"}, {"name": "STEP", "value": "12"}`,
  );
  add('ECS in JSON', (s) => `{"value": "${s}", "name": "WANDB_API_KEY"}`);
  add('TOML', (s) => `api_key = "${s}"\nlr = 0.1`);
  add('a multi-line string', (s) => `api_key = """${s}"""\nlr = 0.1`);
  add('INI', (s) => `[db]\npassword = ${s}\nstep = 12`);
  add('a properties file', (s) => `db.password: ${s}`);
  add('XML', (s) => `<password>${s}</password><step>12</step>`);
  add('an attribute of XML', (s) => `<add key="ApiKey" value="${s}"/>`);
  add('a connection string', (s) => `Server=h;Uid=ada;Pwd=${s};Step=12`);
  add(
    'a connection string of Azure',
    (s) => `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${s};EndpointSuffix=core`,
    `${base64(86)}==`,
  );
  add('libpq', (s) => `host=h user=ada password=${s} dbname=x`);
  add('JSON within JSON', (s) => json({ body: json({ api_key: s }), step: 12 }));
  add('a line within JSON', (s) => json({ body: `step 12\ntoken: ${s}\nlr: 0.1` }));
  add('a value behind a name without blanks', (s) => json({ body: `step 12\napi_key=${s}\nlr: 0.1` }));
  add('JSON three deep', (s) => json(json(json({ password: s }))));
  add('URL-encoded', (s) => `q=1&api_key%3D${s}%26step%3D12`);
  add('a query', (s) => `GET /x?api_key=${s}&step=12 HTTP/1.1`);
  add('a query with access_token', (s) => `https://host.example/x?access_token=${s}&step=12`);
  add('an encoded query', (s) => `next=https%3A%2F%2Fhost%2F%3Faccess_token%3D${s}%26step%3D12`);
  add(
    'a SAS of Azure',
    (s) => `https://x.blob.core.windows.net/c/b?sv=2022&se=2026&sr=b&sp=r&sig=${s}`,
    `${base64(40).replaceAll('+', '%2B').replaceAll('/', '%2F')}%3D`,
  );
  add(
    'a presigned URL of AWS',
    (s) => `https://b.s3.amazonaws.com/k?X-Amz-Date=2026&X-Amz-Signature=${s}`,
    hex(64),
  );
  add(
    'a security token of AWS',
    (s) => `https://b.s3.amazonaws.com/k?X-Amz-Security-Token=${s}&X-Amz-Expires=3600`,
  );
  add('a signed URL of Google', (s) => `https://storage.googleapis.com/b/o?X-Goog-Signature=${s}`, hex(128));
  add(
    'a signed URL of CloudFront',
    (s) => `https://d1.cloudfront.net/x?Expires=1&Signature=${s}&Key-Pair-Id=K`,
  );
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
  add('AWS JSON', (s) => `{"AccessKeyId": "x", "SecretAccessKey": "${s}", "SessionToken": "y"}`, base64(40));
  add('a header', (s) => `Authorization: Bearer ${s}`);
  add('a header in lower case', (s) => `> authorization: bearer ${s}`);
  add(
    'a header of HTTP/2',
    (s) => `> authorization: Basic ${s}`,
    Buffer.from(`ada:${random(12)}`).toString('base64'),
  );
  add(
    'basic by itself',
    (s) => `sent "Basic ${s}" and got 401`,
    Buffer.from(`ada:${random(12)}`).toString('base64'),
  );
  add('headers in a dict', (s) => `headers={'Authorization': 'Token ${s}', 'Accept': '*/*'}`);
  add('headers in a list', (s) => `[(b'authorization', b'Bearer ${s}'), (b'accept', b'*/*')]`);
  add(
    'raw headers of http.client',
    (s) => `send: b'GET /x HTTP/1.1\\r\\nAuthorization: Bearer ${s}\\r\\nAccept: */*\\r\\n'`,
  );
  add('a proxy header', (s) => `Proxy-Authorization: Basic ${s}`);
  add('x-api-key', (s) => `x-api-key: ${s}`);
  add('PRIVATE-TOKEN', (s) => `PRIVATE-TOKEN: ${s}`);
  add('a cookie', (s) => `Cookie: a=1; session=${s}`);
  add('a set cookie', (s) => `Set-Cookie: sid=${s}; Path=/; HttpOnly`);
  add('cookies in a dict', (s) => `cookies={'sessionid': '${s}'}`);
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
  add('a password in a URL', (s) => `cloning https://ada:${s}@github.com/x/y.git failed`);
  add('a token in a URL', (s) => `cloning https://${s}@github.com/x/y.git failed`, random(40));
  add('a token and a word in a URL', (s) => `https://${s}:x-oauth-basic@github.com/x`, random(40));
  add('a password alone in a URL', (s) => `redis://:${s}@cache:6379/0`);
  add('a password with an @', (s) => `https://ada:${s}@x/y`, `${random(8)}@${random(8)}`);
  add('a password with a slash', (s) => `postgresql://ada:${s}@db:5432/x`, `${random(8)}/${random(8)}`);
  add('an encoded password', (s) => `postgresql://ada:${s}@db:5432/x`, `${random(6)}%40%2F${random(6)}`);
  add('an encoded URL', (s) => `next=https%3A%2F%2Fada%3A${s}%40host%2Fx`);
  for (const scheme of [
    'postgres',
    'postgresql+psycopg2',
    'mysql+pymysql',
    'mongodb+srv',
    'mssql+pyodbc',
    'rediss',
    'amqp',
    'amqps',
    'clickhouse+native',
    'snowflake',
    'ftp',
    'sftp',
    'ssh',
    'smb',
    's3',
    'socks5h',
    'http',
    'git+https',
    'ldap',
    'smtp',
    'mqtt',
    'nats',
    'elasticsearch',
    'neo4j+s',
    'cassandra',
  ])
    add(`a URL of ${scheme}`, (s) => `could not connect to ${scheme}://ada:${s}@db.example:5432/train?x=1`);
  add('jdbc', (s) => `jdbc:postgresql://h/db?user=ada&password=${s}&ssl=true`);
  add('jdbc of Oracle', (s) => `jdbc:oracle:thin:ada/${s}@//db:1521/x`);
  add('a proxy without a scheme', (s) => `HTTPS_PROXY=ada:${s}@proxy:3128`);
  add(
    'a service account',
    (s) => json({ type: 'service_account', private_key: pem('PRIVATE KEY', [s]) }),
    base64(64),
  );
  add(
    'a PGP key',
    (s) => `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${s}\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----`,
    base64(64),
  );
  add(
    'a PuTTY key',
    (s) => `PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 1\n${s}\nPrivate-MAC: 12`,
    base64(64),
  );
  add('an OpenSSH key without its lines', (s) => `b3BlbnNzaC1rZXktdjEAAAAA${s}`, base64(70));
  add('a PKCS#8 key without its lines', (s) => `MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw${s}`, base64(60));
  add('words', (s) => `Your API key is ${s}, keep it.`);
  add('words with a colon', (s) => `Invalid API key: ${s}`);
  add('words about a key that was given', (s) => `Incorrect API key provided: ${s}. See docs.`);
  add('words about a token', (s) => `invalid access token "${s}"`);
  add('words about a password', (s) => `password is ${s}`);
  add('a cut token', (s) => `token ghp_${s}…`, random(10));
  add('a token of Jupyter', (s) => `http://127.0.0.1:8888/lab?token=${s}`, hex(48));
  add(
    'a token in a path',
    (s) => `https://api.telegram.org/bot${random(10, DIGITS)}:AA${s}/sendMessage`,
    urlsafe(33),
  );
  add('a webhook of Teams', (s) => `https://x.webhook.office.com/webhookb2/${s}/IncomingWebhook/1/2`);
  add('a webhook of Google', (s) => `https://chat.googleapis.com/v1/spaces/A/messages?key=x&token=${s}`);
  add('a webhook of Feishu', (s) => `https://open.feishu.cn/open-apis/bot/v2/hook/${s}`, uuid());
  add('a webhook of DingTalk', (s) => `https://oapi.dingtalk.com/robot/send?access_token=${s}`, hex(64));
  add('a webhook of Zapier', (s) => `https://hooks.zapier.com/hooks/catch/123/${s}/`, random(12));
  add('behind a format character', (s) => `wandb.api\u00ad_key=${s}`);
  add('across colours', (s) => `\u001b[36mapi_key\u001b[0m=\u001b[32m'${s}'\u001b[0m`);
  add('coloured within', (s) => `password: \u001b[1m${s}\u001b[0m`);
  add('in full width', (s) => `api_key＝${s}`);
  add('upper case', (s) => `API_KEY=${s}`);
  add('with blanks', (s) => `api_key   =    ${s}`);
  add('in a table', (s) => `| api_key | ${s} |`);
  add('in a box', (s) => `│ api_key │ ${s} │`);
  add('in a tab-separated line', (s) => `api_key\t${s}`);
  add('a diff', (s) => `-  api_key: old\n+  api_key: ${s}`);
  add('a change', (s) => `wandb.api_key: ${random(12)} -> ${s}`);
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
  return shapes;
}

export const SHAPES: readonly Shape[] = [...ofKeys(), ...ofNames(), ...TOKEN_SHAPES];

/** How many characters of a secret in a row may be read: fewer tell nobody anything. */
const READABLE = 8;

/** What of a text's secrets can still be read after it was masked; undefined: nothing. */
export function leakOf({ secrets }: Shape, masked: string): string | undefined {
  const seen = masked.replace(/\u001b\[[\d;]*m|[\u200b\u00ad]/g, '');
  for (const secret of secrets)
    for (let at = 0; at + READABLE <= secret.length; at += 1) {
      const piece = secret.slice(at, at + READABLE);
      if (seen.includes(piece)) return piece;
    }
  return undefined;
}
