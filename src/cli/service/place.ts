import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BotError } from '../../core/errors.ts';
import { SETTING_NAME, SETTING_NAME_WORDS } from '../../core/setting-name.ts';
import { homeOf } from '../../queue/expand-home.ts';

/** A service of this user, and where its files are. */
export interface ServicePlace {
  /** `xaxbot.service`. */
  unit: string;
  unitPath: string;
  environmentPath: string;
}

const USUAL = 'xaxbot';

/** Where systemd looks for a user's own units (systemd.unit(5)), and what is given to ours. Error `bad-option`. */
export function servicePlace(env: NodeJS.ProcessEnv, name: string = USUAL): ServicePlace {
  if (!SETTING_NAME.test(name))
    throw new BotError(
      'bad-option',
      `--name "${name}" is no name for a service.`,
      `Accepted: ${SETTING_NAME_WORDS}.`,
    );
  const whole = name === USUAL ? USUAL : `${USUAL}-${name}`;
  const configs = env.XDG_CONFIG_HOME || join(homeOf(env), '.config');
  return {
    unit: `${whole}.service`,
    unitPath: join(configs, 'systemd', 'user', `${whole}.service`),
    environmentPath: join(configs, 'xaxbot', `${whole}.service.env`),
  };
}

/** This xaxbot's launcher, in a checkout as in a package. */
export function launcher(from = fileURLToPath(import.meta.url)): string {
  let folder = dirname(from);
  while (!existsSync(join(folder, 'bin', 'xaxbot.js'))) {
    if (folder === dirname(folder)) throw new Error(`no bin/xaxbot.js above ${from}`);
    folder = dirname(folder);
  }
  return join(folder, 'bin', 'xaxbot.js');
}

/** Whether a program is where npx or the system clears away. */
export function isPassing(path: string): boolean {
  return path.includes('/_npx/') || path.startsWith(`${tmpdir()}/`);
}
