import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { wallsHealth } from '../../files/walls.ts';
import { expandHome } from '../expand-home.ts';
import { observerItem, queueItem } from '../health-items.ts';
import { defineQueueKind } from '../kind.ts';
import { STATE_FILE } from './files.ts';
import { START_COMMAND } from './observer-service.ts';
import { queueHome, xaxCommand } from './place.ts';

export interface XaxSettings {
  /** The queue's folder. */
  home: string;
  /** The xax command; undefined: the newest job's Python is asked. */
  xaxBin: string | undefined;
  /** Where its jobs write their metrics; undefined: it is found by what each says. */
  runs: string | undefined;
}

/** The xax queue of this host. */
export const xaxKind = defineQueueKind<XaxSettings>({
  name: 'xax',
  summary: 'xax on this host',
  capabilities: ['launch', 'move', 'observer', 'gpus', 'tensorboard'],
  schema: z.strictObject({
    home: z.string().min(1).optional().meta({
      description: "of `xax`: the queue's folder; a relative one is below the yaml's own folder",
      type: 'folder',
      otherwise: 'as xax finds it',
    }),
    bin: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'of `xax`: the xax command', type: 'command', otherwise: 'as for `XAX_BIN`' }),
    runs: z.string().min(1).optional().meta({
      description:
        "of `xax`: where its jobs write their metrics besides their run folders, from each job's working folder, with `*` for any part of a name",
      type: 'path',
      otherwise: 'found by what a job is given and prints (docs/runs.md)',
    }),
  }),
  settings({ home, bin, runs }, _queue, { env, cwd, folder }) {
    return {
      home: typeof home === 'string' ? resolve(folder, expandHome(home, env)) : queueHome(env, cwd),
      xaxBin:
        typeof bin === 'string' ? xaxCommand(env, folder, { name: 'bin', value: bin }) : xaxCommand(env, cwd),
      runs: typeof runs === 'string' ? expandHome(runs, env) : undefined,
    };
  },
  folder: ({ home }) => home,
  doctor: ({ home, xaxBin }) => [
    ['queue', `${home}${existsSync(home) ? '' : ' (does not exist)'}`],
    ['xax', xaxBin ?? 'not on PATH; the Python of the newest job is used'],
  ],
  check: async (settings, deps) => (await import('./doctor.ts')).checkXax(settings, deps),
  health: (queue, { home, xaxBin }) => [
    queueItem(queue, home),
    observerItem(queue, `start it with "${START_COMMAND}"`),
    ...wallsHealth([
      { wall: 'queue', path: home },
      { wall: "queue's file", path: join(home, STATE_FILE) },
      ...(xaxBin === undefined ? [] : [{ wall: 'named program' as const, path: xaxBin }]),
    ]),
  ],
  async open(settings, deps) {
    const { createXaxQueue } = await import('./index.ts');
    return createXaxQueue({ ...settings, ...deps });
  },
});
