import { createHash } from 'node:crypto';
import type { AdapterHandlers, Reply } from '../../src/core/adapter.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { Message } from '../../src/core/message.ts';
import type { Clock } from '../../src/core/time.ts';
import type { Accounts } from './accounts.ts';
import type { SlackClient } from './client.ts';
import type { Rendered } from './render.ts';

/** How often an open Home tab is redrawn, and for how long after it was opened, milliseconds. */
const REFRESH_MS = 30_000;
const OPEN_MS = 15 * 60_000;

/** The Home tab: the board, drawn when someone opens it and kept up to date for a while. */
export function createHome(deps: {
  client: SlackClient;
  accounts: Accounts;
  handlers: AdapterHandlers;
  render(message: Message): Rendered;
  clock: Clock;
  log: Log;
}) {
  const { client, accounts, handlers, clock, log } = deps;
  const open = new Map<string, { at: number; shown: string }>();
  const timer = setInterval(() => {
    for (const [user, { at }] of open) {
      if (at < clock() - OPEN_MS) open.delete(user);
      else draw(user).catch((error) => log.debug({ error: errorText(error) }, 'a Home tab was not drawn'));
    }
  }, REFRESH_MS).unref();

  async function draw(user: string): Promise<void> {
    const person = await accounts.person({ user }, null);
    let answer: Reply | undefined;
    await handlers.invoke(
      {
        adapter: 'slack',
        channel: 'home',
        person,
        account: { id: user, name: person.name },
        input: { kind: 'options', command: person.role === null ? 'help' : 'status', options: {} },
      },
      async (reply) => {
        answer = reply;
      },
    );
    if (!answer) return;
    const { blocks } = deps.render(answer.message);
    const shown = createHash('sha256').update(JSON.stringify(answer.message)).digest('base64');
    if (open.get(user)?.shown === shown) return;
    await client.call('views.publish', { user_id: user, view: { type: 'home', blocks } });
    const known = open.get(user);
    if (known) known.shown = shown;
  }

  return {
    /** Somebody has opened it, or did something there. */
    async show(user: string): Promise<void> {
      open.set(user, { at: clock(), shown: '' });
      await draw(user);
    },
    stop: () => clearInterval(timer),
  };
}
