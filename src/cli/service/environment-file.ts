import { isSecretName } from '../../core/secret-names.ts';
import { MASK } from '../../core/secrets.ts';
import { variable } from './quoting.ts';

/** What a shell knows and a service does not: where programs and certificates are, the way out, the language, the zone. */
const OF_SHELL = [
  'PATH',
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'NO_PROXY',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'XDG_CONFIG_HOME',
  'XDG_STATE_HOME',
  'LANG',
  'LC_ALL',
  'TZ',
];

/** Folders of PATH that are gone with the shell, or are npm's own. */
const PASSING = /^\/run\/user\/|\/node_modules\/\.bin$|\/node-gyp-bin$/;

export type ServiceVariables = Readonly<Record<string, string>>;

/** Those variables of a shell that the service needs to be what `xaxbot start` is there; `own` are the bot's, `more` were named. */
export function serviceVariables(
  env: NodeJS.ProcessEnv,
  own: readonly string[],
  more: readonly string[] = [],
): ServiceVariables {
  const names = [...OF_SHELL, ...own, ...more].filter((name) => env[name] !== undefined && env[name] !== '');
  const all = Object.fromEntries(names.map((name) => [name, env[name]!]));
  const folders = (all.PATH ?? '')
    .split(':')
    .filter((folder) => folder.startsWith('/') && !PASSING.test(folder));
  return { ...all, PATH: [...new Set(folders)].join(':') };
}

/** The file for systemd. `isShown`: for people, without secrets. */
export function environmentText(variables: ServiceVariables, { isShown = false } = {}): string {
  const lines = Object.entries(variables).map(([name, value]) =>
    variable(name, isShown && isSecretName(name) ? MASK : value),
  );
  return `# Made by "xaxbot service install" from the shell that it was called in.\n${lines.join('\n')}\n`;
}
