import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TerminalRequest } from '../../adapters/terminal/protocol.ts';
import { complain } from '../../adapters/terminal/screen.ts';
import { COMMANDS } from '../../commands/index.ts';
import { type Config, type Place, usableConfig } from '../config/config.ts';
import { unixName } from '../config/environment.ts';
import { commandAtStart } from '../core/command-names.ts';
import type { BotError } from '../core/errors.ts';
import { createMask } from '../core/masked.ts';

/** Commands whose answer stands in the queue's own files. */
const OF_QUEUE: readonly string[] = ['status', 'jobs', 'job', 'logs'];

/** Whether a request is answered by the queue's own files, whatever the settings are. */
export function isOfQueue(request: TerminalRequest): boolean {
  const command = 'argv' in request ? commandAtStart(request.argv, COMMANDS)?.command.name : undefined;
  return command !== undefined && OF_QUEUE.includes(command);
}

/**
 * Has `work` done with what of broken settings says where the queue is, and says what is wrong with them. Nothing of the bot's is read or
 * written: with half of the settings, messages would go nowhere and experiments elsewhere. Throws `problem` where no queue is known.
 */
export async function withQueueAlone(
  place: Place,
  problem: BotError,
  work: (config: Config) => Promise<void>,
): Promise<void> {
  const { config } = usableConfig(place);
  if (config.queues.length === 0) throw problem;
  const mask = createMask(config.secrets);
  complain(mask(`xaxbot: ${problem.message}\nUntil that is mended, this is what the queue's own files say:`));
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-queue-'));
  const name = unixName(config.childEnv);
  const nothing = {
    people: [{ id: name, name, role: 'viewer' as const, identities: { unix: name } }],
    presets: [],
    channels: [],
    watch: { defaults: false, rules: [] },
  };
  try {
    await work({ ...config, ...nothing, dataDir: join(folder, 'data'), xaxHome: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
