import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { writeProgram } from '../../programs.ts';
import { OWNER } from '../folder-processes.ts';

/** Where everything of one server and of its client stands, all of it in one folder. */
export function placesIn(folder: string) {
  return {
    folder,
    /** The user's home on the host. */
    home: join(folder, 'home'),
    config: join(folder, 'sshd_config'),
    hostKey: join(folder, 'host_key'),
    userKey: join(folder, 'user_key'),
    authorizedKeys: join(folder, 'authorized_keys'),
    log: join(folder, 'sshd.log'),
    shell: join(folder, 'shell'),
    environment: join(folder, 'environment'),
    clientConfig: join(folder, 'ssh_config'),
    knownHosts: join(folder, 'known_hosts'),
    bin: join(folder, 'bin'),
  };
}
export type Places = ReturnType<typeof placesIn>;

/** A word as sh takes it literally. */
export const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function writeKey(path: string): string {
  rmSync(path, { force: true });
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', path]);
  return readFileSync(`${path}.pub`, 'utf8');
}

export function writeHostKey(places: Places): void {
  writeKey(places.hostKey);
}

/** Writes down the host's present key as the one that the client expects. */
export function trustHostKey(places: Places, host: string): void {
  writeFileSync(places.knownHosts, `${host} ${readFileSync(`${places.hostKey}.pub`, 'utf8')}`);
}

/** What a login on the host has in its environment. */
export function writeEnvironment(places: Places, environment: Record<string, string>): void {
  const lines = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`);
  writeFileSync(places.environment, `${lines.join('\n')}\n`);
}

/** Every session runs with this login shell, as one whom /etc/passwd gives it. */
export function writeShell(places: Places, shell: string): void {
  writeFileSync(places.shell, shell);
}

/** What each of the login shells reads before it runs anything for ssh. */
export function writeRc(places: Places, text: string): void {
  mkdirSync(join(places.home, '.config', 'fish'), { recursive: true });
  for (const file of ['.bashrc', '.zshenv', '.cshrc', '.config/fish/config.fish'])
    writeFileSync(join(places.home, file), text);
}

/**
 * The server's files. The command that a session was asked for passes through a program of the test, which gives it the
 * home, the environment and the login shell of the host: sshd itself takes these from /etc/passwd.
 */
export function writeServerFiles(places: Places, port: number, settings: readonly string[]): void {
  for (const each of [places.home, join(places.folder, 'nowhere')]) mkdirSync(each, { recursive: true });
  writeHostKey(places);
  writeFileSync(places.authorizedKeys, writeKey(places.userKey));
  const session = writeProgram(
    places.bin,
    'session',
    `. ${quoted(places.environment)}
export HOME=${quoted(places.home)} SHELL="$(cat ${quoted(places.shell)})" ${OWNER}=${quoted(places.folder)}
unset SHLVL OLDPWD
cd "$HOME" || exit 254
[ -n "$SSH_ORIGINAL_COMMAND" ] || exec "$SHELL"
exec "$SHELL" -c "$SSH_ORIGINAL_COMMAND"`,
  );
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${places.hostKey}`,
    `AuthorizedKeysFile ${places.authorizedKeys}`,
    `PidFile ${join(places.folder, 'sshd.pid')}`,
    'AuthenticationMethods publickey',
    'PermitRootLogin yes',
    'StrictModes no',
    'UsePAM no',
    'PermitUserRC no',
    'PrintMotd no',
    'PrintLastLog no',
    'UseDNS no',
    'Subsystem sftp /usr/lib/openssh/sftp-server',
    // The shell of /etc/passwd, which starts that program, reads nothing of this user's home.
    `SetEnv HOME=${join(places.folder, 'nowhere')}`,
    `ForceCommand ${session}`,
    ...settings,
  ];
  writeFileSync(places.config, `${lines.join('\n')}\n`);
}

/** The client's files, so that nothing of ~/.ssh is read or written; `bin` has an `ssh` that goes by them. */
export function writeClientFiles(places: Places, host: string, port: number): void {
  chmodSync(places.userKey, 0o600);
  const lines = [
    `Host ${host}`,
    '  HostName 127.0.0.1',
    `  Port ${port}`,
    `  User ${userInfo().username}`,
    `  HostKeyAlias ${host}`,
    `  IdentityFile ${places.userKey}`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    `  UserKnownHostsFile ${places.knownHosts}`,
    '  GlobalKnownHostsFile /dev/null',
    '  UpdateHostKeys no',
  ];
  writeFileSync(places.clientConfig, `${lines.join('\n')}\n`);
  writeSsh(places.bin, [places.clientConfig]);
}

/** Puts an `ssh` into `bin` that knows the hosts of these files, and nobody else's settings. */
export function writeSsh(bin: string, configFiles: readonly string[]): void {
  mkdirSync(bin, { recursive: true });
  const all = join(bin, 'ssh_config');
  writeFileSync(all, configFiles.map((file) => `Include ${file}\n`).join(''));
  writeProgram(bin, 'ssh', `exec /usr/bin/ssh -F ${quoted(all)} "$@"`);
}
