import { setTimeout as sleep } from 'node:timers/promises';
import type { Chats } from './chats.ts';

/** The calls by which something is said, at each platform. */
export const SAYING = {
  slack: /^(chat\.(postMessage|update)|files\..*|upload|conversations\.(history|replies))$/,
  discord: /^(POST|PATCH|GET) \/channels\/\d+\/messages/,
};
export type Remote = keyof typeof SAYING;
/** As long as the longest that a platform is waited for in these tests, seconds. */
const LATE_MS = 400;
const SECONDS = 0.2;
/** Something between the bot and the platform answers in its place. */
const GATEWAY_PAGE = { type: 'text/html', body: '<html><body><h1>502 Bad Gateway</h1></body></html>' };

/** What a network or a platform does wrong with the next calls, by name. */
export const CALL_FAULTS = {
  late: { delayMs: LATE_MS },
  '429 with Retry-After': { status: 429, retryAfterSeconds: SECONDS },
  '500': { status: 500 },
  '502 with a page': { status: 502, page: GATEWAY_PAGE },
  '503': { status: 503 },
  'the line ends before': { drop: 'before' },
  'success with a lost answer': { drop: 'after' },
  'half an answer, cut': { half: 'cut' },
  'half an answer, ended': { half: 'ended' },
} as const;

/** Slack's server alone may refuse without saying for how long: Discord's always says it. */
const SLACK_FAULTS = { '429 without Retry-After': { status: 429 } } as const;

/** Each puts one fault on the next calls of a platform, or on its sockets; named as a table names it. */
export function networkFaults(chats: Chats, random: () => number): Record<string, () => void> {
  const times = () => 1 + Math.floor(random() * 3);
  const onCalls = (remote: Remote, fault: Record<string, unknown>) => {
    if (remote === 'discord') chats.discord!.fault(SAYING.discord, fault, times());
    else {
      const { delayMs, ...rest } = fault as { delayMs?: number };
      const until = delayMs === undefined ? {} : { until: sleep(delayMs) };
      chats.slack!.fault(SAYING.slack, { ...rest, ...until }, times());
    }
  };
  const both = Object.entries(CALL_FAULTS).flatMap(([name, fault]) =>
    (['slack', 'discord'] as const).map(
      (remote) => [`${remote}: ${name}`, () => onCalls(remote, fault)] as const,
    ),
  );
  const slackOnly = Object.entries(SLACK_FAULTS).map(
    ([name, fault]) => [`slack: ${name}`, () => onCalls('slack', fault)] as const,
  );
  return {
    ...Object.fromEntries([...both, ...slackOnly]),
    'slack: sockets cut': () => chats.slack!.sockets.cut(),
    'slack: sockets silent': () => chats.slack!.sockets.goSilent(),
    'slack: a socket to be renewed': () => chats.slack!.sockets.refresh(),
    'discord: gateway cut': () => chats.discord!.gateway.close(1006),
    'discord: gateway asks to reconnect': () => chats.discord!.gateway.reconnect(),
    'discord: session forgotten': () => {
      chats.discord!.gateway.forgetSessions();
      chats.discord!.gateway.close(4000);
    },
  };
}
