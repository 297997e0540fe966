import { EnvHttpProxyAgent } from 'undici';
import { errorText } from '../../src/core/errors.ts';
import { type Finding, failure, fine, warning } from '../../src/core/finding.ts';
import { silentLog } from '../../src/core/log.ts';
import type { CheckDeps } from '../kind.ts';
import { clientOptions, createSlackClient, SLACK_PACE, type SlackClient } from './client.ts';
import { boltLogger } from './logger.ts';
import { OPEN_METHOD } from './problems.ts';
import { proxiedFetch } from './proxied-fetch.ts';
import { missingScopes, neededScopes } from './scopes.ts';
import type { SlackSettings } from './settings.ts';
import { openSocket } from './socket.ts';
import { SLACK_TIMINGS } from './timings.ts';

const INSTALL = 'compare the app with slack-manifest.yaml at https://api.slack.com/apps and install it again';

interface Channel {
  name?: string;
  is_member?: boolean;
  is_archived?: boolean;
}

/** Whether Slack takes both tokens, the app has its scopes and is in its channels, and a socket can be opened. Nothing is posted. */
export async function checkSlack(settings: SlackSettings, deps: CheckDeps): Promise<Finding[]> {
  const dispatcher = deps.proxied ? new EnvHttpProxyAgent() : undefined;
  const fetch = dispatcher ? proxiedFetch(dispatcher) : globalThis.fetch;
  const options = {
    ...clientOptions(settings.apiUrl, fetch),
    timeout: deps.timeoutMs,
    logger: boltLogger(silentLog),
  };
  const clientFor = (token: string) =>
    createSlackClient({
      token,
      options,
      pace: SLACK_PACE,
      isListed: () => true,
      clock: Date.now,
      log: silentLog,
    });
  try {
    const ofBot = await checkBot(clientFor(settings.botToken), deps);
    const ofApp = deps.isRunning
      ? checkAppToken(clientFor(settings.appToken))
      : checkSocket(settings.appToken, { options, dispatcher, timeoutMs: deps.timeoutMs });
    return [...ofBot, await ofApp];
  } finally {
    await dispatcher?.close();
  }
}

async function checkBot(client: SlackClient, { channels, decidesBy }: CheckDeps): Promise<Finding[]> {
  const name = 'slack bot token';
  try {
    const me = await client.call<{ team?: string; user?: string; response_metadata?: { scopes?: string[] } }>(
      'auth.test',
    );
    const missing = missingScopes(neededScopes(decidesBy), me.response_metadata?.scopes);
    const scopes =
      missing.length > 0
        ? failure('slack scopes', `the app lacks ${missing.join(', ')}`, INSTALL)
        : fine('slack scopes', 'the app has what it needs');
    const ofChannels =
      channels.length === 0
        ? [
            warning(
              'slack channels',
              'none: nothing is told there by itself',
              'name one under channels: in xaxbot.yaml',
            ),
          ]
        : await Promise.all(channels.map((id) => checkChannel(client, id)));
    return [fine(name, `${me.user ?? 'the app'} in ${me.team ?? 'the workspace'}`), scopes, ...ofChannels];
  } catch (error) {
    return [failure(name, errorText(error), 'docs/slack.md says where the tokens come from')];
  }
}

async function checkChannel(client: SlackClient, id: string): Promise<Finding> {
  const name = `slack channel ${id}`;
  try {
    const { channel } = await client.call<{ channel: Channel }>('conversations.info', { channel: id });
    const title = channel.name === undefined ? 'it' : `#${channel.name}`;
    if (channel.is_archived)
      return failure(
        name,
        `${title} is archived`,
        'unarchive it, or remove it from channels: in xaxbot.yaml',
      );
    if (channel.is_member === false)
      return failure(name, `xaxbot is not in ${title}`, 'type "/invite @xaxbot" there');
    return fine(name, `xaxbot is in ${title}`);
  } catch (error) {
    const isUnknown = (error as { code?: string }).code === 'missing_scope';
    const said = errorText(error);
    return isUnknown
      ? warning(name, said, INSTALL)
      : failure(name, said, 'invite xaxbot there, or correct channels: in xaxbot.yaml');
  }
}

/** A socket beside those of a running bot would take some of what people say to it: so only its address is asked for. */
async function checkAppToken(client: SlackClient): Promise<Finding> {
  const name = 'slack app token';
  try {
    await client.call(OPEN_METHOD);
    return fine(name, 'Slack gives an address for a socket; those of the running bot are in its health');
  } catch (error) {
    return failure(name, errorText(error), 'docs/slack.md says where the tokens come from');
  }
}

async function checkSocket(
  appToken: string,
  {
    options,
    dispatcher,
    timeoutMs,
  }: {
    options: ReturnType<typeof clientOptions>;
    dispatcher: EnvHttpProxyAgent | undefined;
    timeoutMs: number;
  },
): Promise<Finding> {
  const name = 'slack socket';
  const socket = openSocket(
    {
      // What comes meanwhile is not acknowledged: Slack gives it to the next one that is open.
      app: { processEvent: async () => {} },
      appToken,
      options,
      logger: boltLogger(silentLog),
      dispatcher,
      timings: { ...SLACK_TIMINGS, helloMs: timeoutMs },
    },
    () => {},
  );
  try {
    const counted = await socket.ready;
    const others = (counted ?? 1) - 1;
    return others > 0
      ? warning(
          name,
          `it opens, and ${others} more of the same app are open`,
          'stop the other process that uses the app, or it takes some of the messages',
        )
      : fine(name, 'it opens');
  } catch (error) {
    return failure(name, errorText(error), 'docs/slack.md says how Socket Mode is switched on');
  } finally {
    await socket.end();
  }
}
