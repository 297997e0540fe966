/** Seconds. A link that is silent is given up after the interval times the count and one more. */
const CONNECT_SECONDS = 10;
const ALIVE_SECONDS = 5;
const ALIVE_COUNT = 2;

/** Where a host is, and how it is reached. */
export interface SshPlace {
  /** As ssh is given it: a name of its configuration, a host, USER@HOST. */
  host: string;
  /** The ssh client's configuration; undefined: the user's own. */
  config?: string | undefined;
  /** A Python there besides those on its PATH. */
  python?: string | undefined;
}

/**
 * What of the user's own configuration would break a connection that a program speaks over. Later ssh clients know the last
 * three (8.7, 9.0), which earlier ones are told to pass over.
 */
const SETTINGS = {
  IgnoreUnknown: 'ForkAfterAuthentication,SessionType,StdinNull',
  BatchMode: 'yes',
  StrictHostKeyChecking: 'yes',
  ConnectTimeout: CONNECT_SECONDS,
  ServerAliveInterval: ALIVE_SECONDS,
  ServerAliveCountMax: ALIVE_COUNT,
  ControlMaster: 'no',
  ControlPath: 'none',
  ClearAllForwardings: 'yes',
  ForwardAgent: 'no',
  ForwardX11: 'no',
  PermitLocalCommand: 'no',
  RemoteCommand: 'none',
  RequestTTY: 'no',
  EscapeChar: 'none',
  Compression: 'no',
  LogLevel: 'ERROR',
  ForkAfterAuthentication: 'no',
  SessionType: 'default',
  StdinNull: 'no',
};

/** What the program there needs at least: an older Python does not take the host's names for UTF-8 where its locale is C. */
const PYTHON_LEAST = [3, 7] as const;
/** What is said where there is none, before which are too old. */
export const NO_PYTHON = `there is no Python of ${PYTHON_LEAST.join('.')} or newer`;
/** What an old host has beside a python3 that is older. */
const NEWER = [14, 13, 12, 11, 10, 9, 8, 7].map((minor) => `python3.${minor}`);
/** Whether a Python is new enough. */
const IS_NEW = `import sys;sys.exit(sys.version_info<(${PYTHON_LEAST.join(',')}))`;

/** Reads the program's length, then the program, and is it. */
const BOOT = 'import sys;exec(sys.stdin.buffer.read(int(sys.stdin.buffer.readline())))';

/** The ssh command that starts a program of Python there, which then comes on standard input: its length in a line, and itself. */
export function sshArguments({ host, config, python }: SshPlace): string[] {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return ['ssh', ...(config === undefined ? [] : ['-F', config]), ...settings, '--', host, boot(python)];
}

/** What somebody types to run words there by the same settings. */
export function sshCommand({ host, config }: SshPlace, ...words: readonly string[]): string {
  return ['ssh', ...(config === undefined ? [] : ['-F', quoted(config)]), host, ...words].join(' ');
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/**
 * Whatever the login shell: between single quotes stands nothing that sh, bash, zsh, csh and fish would read differently. The first
 * Python that is there and new enough is taken.
 */
function boot(python: string | undefined): string {
  const named = python !== undefined && /^[\w@%+=:,./~-]+$/.test(python) ? [python] : [];
  const pythons = [...named, 'python3', ...NEWER, 'python', '/usr/bin/python3'].join(' ');
  const look = `if $p -ISc "${IS_NEW}" </dev/null 2>/dev/null; then exec $p -ISuc "${BOOT}"; fi; old="$old; $p is $($p -V 2>&1 </dev/null | head -n 1)"`;
  return `exec /bin/sh -c 'for p in ${pythons}; do if command -v $p >/dev/null; then ${look}; fi; done; echo "${NO_PYTHON}$old" >&2; exit 127'`;
}
