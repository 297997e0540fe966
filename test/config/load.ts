import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Config, loadConfig, type Place } from '../../src/config/config.ts';
import { BotError, errorText } from '../../src/core/errors.ts';
import type { XaxSettings } from '../../src/queue/xax/settings.ts';
import { temporaryFolder } from '../helpers.ts';

/** The settings of a fresh folder that is also the home, with this xaxbot.yaml; CWD in it is a folder that exists. */
export function load(
  yaml: string | Uint8Array | null,
  env: NodeJS.ProcessEnv = {},
  files: Record<string, string> = {},
  registries: Pick<Place, 'queueKinds' | 'adapters'> = {},
): Config {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, 'project'));
  const text = typeof yaml === 'string' ? yaml.replaceAll('CWD', join(cwd, 'project')) : yaml;
  if (text !== null) writeFileSync(join(cwd, 'xaxbot.yaml'), text);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  return loadConfig({
    env: { HOME: cwd, XDG_CONFIG_HOME: join(cwd, '.config'), ...env },
    cwd,
    ...registries,
  });
}

/** The first queue, an xax: its name and its settings. */
export function xaxOf({ queues: [first] }: Config): XaxSettings & { name: string } {
  return { name: first!.name, ...(first!.settings as XaxSettings) };
}

/** What a person is told when the settings are refused. */
export function problem(...given: Parameters<typeof load>): string {
  try {
    load(...given);
  } catch (error) {
    expect(error).toBeInstanceOf(BotError);
    return errorText(error);
  }
  throw new Error('it was accepted');
}
