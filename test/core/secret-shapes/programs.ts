import { base64, hex, random } from '../random-secrets.ts';
import { json, shapesOf } from './shape.ts';

/** As programs are given it, and as code and configurations hold it. */
export const inPrograms = () =>
  shapesOf((add) => {
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
  });
