import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { say } from '../../adapters/terminal/screen.ts';
import { type Config, loadConfig } from '../config/config.ts';
import { createMask } from '../core/masked.ts';
import type { Preset } from '../core/preset.ts';
import { shellCommand } from '../core/shell-command.ts';
import { type SimulatedSettings, simulatedKind } from '../queue/simulated/kind.ts';
import { ENDLESS_DAY } from '../queue/simulated/script.ts';
import { startBot } from './bot.ts';
import { tellDemoStory } from './demo-story.ts';
import { createLog } from './log.ts';
import type { Place } from './place.ts';
import { openQueues } from './queues.ts';
import { printEntry } from './serve.ts';
import { stopApp } from './stop-app.ts';
import { toldToStop } from './told-to-stop.ts';

const SEED = 20_261_123;

/** The presets of the demo. */
const PRESETS: Preset[] = [
  {
    name: 'toy',
    description: 'a small regression, done in a minute',
    cwd: tmpdir(),
    argv: ['python', '-m', 'examples.toy.ToyRegression'],
    options: {
      learning_rate: {
        type: 'number',
        description: 'the learning rate',
        min: 0.00001,
        max: 1,
        default: '0.01',
      },
      hidden_dim: { type: 'integer', description: 'width of the hidden layer', min: 1, max: 4096 },
    },
    allowExtra: [],
  },
  {
    name: 'gpt',
    description: 'a small language model',
    cwd: tmpdir(),
    argv: ['python', '-m', 'lm.pretrain.SmallGPT'],
    options: {
      learning_rate: {
        type: 'number',
        description: 'the learning rate',
        min: 0.00001,
        max: 0.1,
        default: '0.003',
      },
      precision: { type: 'choice', description: 'the number format', choices: ['bfloat16', 'float32'] },
    },
    allowExtra: [],
  },
];

/** `xaxbot demo`: the whole bot on a simulated queue, in a folder that is removed at the end, with the people, agents and channels of XAXBOT_CONFIG where it is set. Resolves to the exit code. */
export async function demo(place: Place): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-demo-'));
  mkdirSync(join(folder, 'xax'));
  const { XAXBOT_CONFIG: chosen } = place.env;
  const given = loadConfig({
    env: {
      ...place.env,
      ...(chosen ? { XAXBOT_CONFIG: chosen.startsWith('~') ? chosen : resolve(place.cwd, chosen) } : {}),
      // A bot that runs has the usual port.
      XAXBOT_WEB_PORT: place.env.XAXBOT_WEB_PORT || '0',
      XAX_HOME: join(folder, 'xax'),
      XAXBOT_DATA_DIR: join(folder, 'data'),
    },
    cwd: folder,
  });
  const simulated: SimulatedSettings = {
    script: ENDLESS_DAY,
    seed: SEED,
    dataFolder: join(folder, 'queue'),
  };
  const config: Config = {
    ...given,
    presets: PRESETS,
    queues: [{ name: given.queues[0]!.name, kind: simulatedKind, settings: simulated }],
    session: { name: 'demo', objective: { metric: 'value/loss', mode: 'min' } },
    killGraceMs: 3_000,
    // A simulated queue is never shown in a team's chat.
    adapters: new Map(
      [...given.adapters].map(([name, { kind, settings }]) => [
        name,
        { kind, settings: kind.isOwn ? settings : null },
      ]),
    ),
  };
  const log = createLog(config.logLevel, createMask(config.secrets));
  const told = toldToStop(log);
  say('SIMULATED QUEUE: nothing shown here is a real training job.\n');
  try {
    const { app, web } = await startBot(config, await openQueues(config, log), log);
    try {
      await tellDemoStory(app);
      if (web) printEntry(web, config);
      say(
        `In another terminal, the same from the command line:\n  export XAXBOT_DATA_DIR=${config.dataDir} XAX_HOME=${config.xaxHome}\n  ${shellCommand('status')}`,
      );
      await told;
    } finally {
      await stopApp(app, log);
    }
  } finally {
    // A process of a part that was late may still write there.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return 0;
}
