import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { Clock } from '../../src/core/time.ts';
import type { SlackClient } from './client.ts';
import { missingScopes } from './scopes.ts';

interface Answer {
  user_id?: string;
  bot_id?: string;
  team_id?: string;
  team?: string;
  url?: string;
  response_metadata?: { scopes?: string[] };
}

/**
 * The app as it is installed in the workspace: who it is there, and which scopes it lacks. While it lacks some, or its
 * token is refused, it is asked again now and then, since it may be installed anew without a restart.
 */
export function createInstallation(deps: {
  client: SlackClient;
  /** The scopes that it cannot do without. */
  needed: readonly string[];
  askMs: number;
  clock: Clock;
  log: Log;
}) {
  const { client, log } = deps;
  let me = { userId: '', botId: '', teamId: '', team: '', url: '' };
  let missing: string[] = [];
  let missingSince = 0;
  let timer: NodeJS.Timeout | undefined;

  async function ask(): Promise<void> {
    const { user_id, bot_id, team_id, team, url, response_metadata } = await client.call<Answer>('auth.test');
    me = {
      userId: user_id ?? '',
      botId: bot_id ?? '',
      teamId: team_id ?? '',
      team: team ?? '',
      url: url ?? '',
    };
    const before = missing.join();
    missing = missingScopes(deps.needed, response_metadata?.scopes);
    if (missing.length === 0 || missing.join() === before) return;
    missingSince = deps.clock();
    log.warn({ missing }, 'the Slack app lacks scopes: compare it with slack-manifest.yaml and reinstall it');
  }

  function askAgain(): void {
    if (missing.length === 0 && !client.tokenProblem()) return;
    ask().catch((error) => log.debug({ error: errorText(error) }, 'Slack does not say who the app is'));
  }

  return {
    me: () => me,
    /** Error DeliveryError: Slack does not say who it is. */
    async open(): Promise<void> {
      await ask();
      timer = setInterval(askAgain, deps.askMs);
    },
    close: () => clearInterval(timer),
    problem: () =>
      missing.length > 0
        ? {
            text: `the app lacks the scopes ${missing.join(', ')}: compare it with slack-manifest.yaml and install it again`,
            since: missingSince,
          }
        : undefined,
  };
}
