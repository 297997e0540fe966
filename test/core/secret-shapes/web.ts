import { base64, DIGITS, hex, random, urlsafe, uuid } from '../random-secrets.ts';
import { shapesOf } from './shape.ts';

/** In queries, headers, cookies and URLs. */
export const onTheWeb = () =>
  shapesOf((add) => {
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
    add(
      'a signed URL of Google',
      (s) => `https://storage.googleapis.com/b/o?X-Goog-Signature=${s}`,
      hex(128),
    );
    add(
      'a signed URL of CloudFront',
      (s) => `https://d1.cloudfront.net/x?Expires=1&Signature=${s}&Key-Pair-Id=K`,
    );
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
  });
