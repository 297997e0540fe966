import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BotError } from '../../core/errors.ts';
import { hold } from '../../files/walls.ts';
import type { SshPlace } from '../../hosts/ssh-arguments.ts';
import { expandHome } from '../expand-home.ts';
import type { SettingsPlace } from '../kind.ts';
import { queueHome, xaxCommand } from './place.ts';

export interface XaxSettings {
  /** The queue's folder. */
  home: string;
  /** The xax command; undefined: the newest job's Python is asked. */
  xaxBin: string | undefined;
  /** Where its jobs write their metrics; undefined: it is found by what each says. */
  runs: string | undefined;
}

/** The same of a queue on another host, where the folder may be the one that a login has. */
export interface XaxThereSettings extends Omit<XaxSettings, 'home'> {
  home: string | undefined;
  place: SshPlace;
}

type Written = Record<string, unknown>;

export function hereSettings(
  { home, bin, runs, ssh_config }: Written,
  { env, cwd, folder }: SettingsPlace,
): XaxSettings {
  if (ssh_config !== undefined)
    throw new BotError('config', 'ssh_config is given without a host.', 'Name the host, or leave it out.');
  return {
    home: typeof home === 'string' ? resolve(folder, expandHome(home, env)) : queueHome(env, cwd),
    xaxBin:
      typeof bin === 'string' ? xaxCommand(env, folder, { name: 'bin', value: bin }) : xaxCommand(env, cwd),
    runs: typeof runs === 'string' ? expandHome(runs, env) : undefined,
  };
}

/** What stands there is named from the root or a login's home: nothing there is relative to a file here. */
export function thereSettings(
  { host, ssh_config, home, bin, runs }: Written,
  { env, folder }: SettingsPlace,
): XaxThereSettings {
  for (const [name, path] of Object.entries({ home, bin }))
    if (typeof path === 'string' && !/^(\/|~(\/|$))/.test(path))
      throw new BotError(
        'config',
        `${name} is "${path}", a path on ${String(host)}.`,
        'Name it from / or from ~.',
      );
  const config = typeof ssh_config === 'string' ? resolve(folder, expandHome(ssh_config, env)) : undefined;
  if (config !== undefined) hold('named settings', config);
  return {
    home: home as string | undefined,
    xaxBin: bin as string | undefined,
    runs: runs as string | undefined,
    place: {
      host: host as string,
      config,
      python: typeof bin === 'string' ? `${dirname(bin)}/python` : undefined,
    },
  };
}

export function hereRows({ home, xaxBin }: XaxSettings): [string, string][] {
  return [
    ['queue', `${home}${existsSync(home) ? '' : ' (does not exist)'}`],
    ['xax', xaxBin ?? 'not on PATH; the Python of the newest job is used'],
  ];
}

export function thereText({ place, home }: XaxThereSettings): string {
  return `${home ?? "the login's own queue"} on ${place.host}`;
}

export function thereRows(settings: XaxThereSettings): [string, string][] {
  const { place, xaxBin } = settings;
  return [
    ['queue', `${thereText(settings)}, over ssh`],
    ['xax', xaxBin ?? `on the PATH of ${place.host}, or by the Python of the newest job`],
  ];
}
