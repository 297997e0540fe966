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

/** Reads the program's length, then the program, and is it. */
const BOOT = 'import sys;exec(sys.stdin.buffer.read(int(sys.stdin.buffer.readline())))';

/** The ssh command that starts a program of Python there, which then comes on standard input: its length in a line, and itself. */
export function sshArguments({ host, config, python }: SshPlace): string[] {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return ['ssh', ...(config === undefined ? [] : ['-F', config]), ...settings, '--', host, boot(python)];
}

/**
 * Whatever the login shell: between single quotes stands nothing that sh, bash, zsh, csh and fish would read differently. The first
 * Python that is there is taken.
 */
function boot(python: string | undefined): string {
  const named = python !== undefined && /^[\w@%+=:,./~-]+$/.test(python) ? [python] : [];
  const pythons = [...named, 'python3', 'python', '/usr/bin/python3'].join(' ');
  return `exec /bin/sh -c 'for p in ${pythons}; do if command -v $p >/dev/null; then exec $p -ISuc "${BOOT}"; fi; done; echo there is no python3 >&2; exit 127'`;
}
