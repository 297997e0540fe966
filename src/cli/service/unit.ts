import { argument, lineValue, patternValue, program } from './quoting.ts';

/** What a unit is made of; every path is absolute. */
export interface UnitParts {
  /** Node, the launcher of xaxbot, and what it is told. */
  command: readonly [node: string, launcher: string, ...words: string[]];
  /** Where `.env` and xaxbot.yaml are looked for. */
  folder: string;
  environmentFile: string;
  /** What programs that the bot starts may leave to others, as in the shell that it is installed from. */
  umask: number;
  /** xaxbot's: an upgrade is a change of the unit. */
  version: string;
  /** systemd's own, from which pauses between restarts can grow. */
  systemd: number;
}

/** The first version with RestartSteps. */
const GROWING_PAUSES = 254;

/**
 * A user unit for the bot (systemd.service(5), systemd.exec(5)). What would give it a user namespace of its own (ProtectSystem,
 * PrivateTmp and the like, in a user's unit) is not among it: from there it could not read whose job a process is, and kill none.
 * Nor is MemoryDenyWriteExecute, which no JavaScript engine survives.
 */
export function unitText({ command, folder, environmentFile, umask, version, systemd }: UnitParts): string {
  const [node, ...words] = command;
  const pauses =
    systemd >= GROWING_PAUSES
      ? ['RestartSec=2', 'RestartSteps=6', 'RestartMaxDelaySec=5min']
      : ['RestartSec=15'];
  return `${[
    '# Made by "xaxbot service install", which writes it anew; what is to differ belongs into "systemctl --user edit".',
    '[Unit]',
    `Description=xaxbot ${version}, an xax training queue in the chat`,
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=notify',
    '# It speaks by systemd-notify, a program of its own.',
    'NotifyAccess=all',
    `WorkingDirectory=${lineValue(folder)}`,
    `EnvironmentFile=${patternValue(environmentFile)}`,
    `ExecStart=${[program(node), ...words.map(argument)].join(' ')}`,
    'ExecReload=/bin/kill -HUP $MAINPID',
    `UMask=${umask.toString(8).padStart(4, '0')}`,
    'WatchdogSec=2min',
    '# A large database is checked, and migrated, before it is ready.',
    'TimeoutStartSec=10min',
    'TimeoutStopSec=15',
    'KillMode=mixed',
    'Restart=on-failure',
    ...pauses,
    'OOMPolicy=continue',
    'NoNewPrivileges=yes',
    'LockPersonality=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'SystemCallArchitectures=native',
    '',
    '[Install]',
    'WantedBy=default.target',
  ].join('\n')}\n`;
}
