import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Finding, failure, fine, warning } from '../../src/core/finding.ts';
import type { CheckDeps } from '../kind.ts';
import { addressWords, portWarning, SOCKET_NAME, UNIX, type WebSettings } from './settings.ts';

const NAME = 'web port';
const PATH = '/healthz';

/** Whether the chat's port is free, or served by the bot that is running. */
export async function checkWeb(settings: WebSettings, deps: CheckDeps): Promise<Finding[]> {
  const [shared = '', mend] = portWarning(settings, deps.others).split(': ');
  const ofOthers = shared === '' ? [] : [warning('web chat', `${addressWords(settings)}${shared}`, mend)];
  return [await checkPort(settings, deps), ...ofOthers];
}

async function checkPort(settings: WebSettings, deps: CheckDeps): Promise<Finding> {
  const { host, port } = settings;
  const { isRunning } = deps;
  const place = host === UNIX ? join(deps.dataDir, SOCKET_NAME) : `${host}:${port}`;
  if (host !== UNIX && port === 0) return fine(NAME, 'a free one is taken at each start');
  const found = await whoAnswers(host === UNIX ? { socketPath: place } : { host, port }, deps.timeoutMs);
  const elsewhere = `set XAXBOT_WEB_PORT to a free port, or stop what listens there: ss -ltnp 'sport = :${port}'`;
  switch (found) {
    case 'nobody':
      return isRunning
        ? warning(
            NAME,
            `nobody listens on ${place}, though a bot is running: its settings are others`,
            'restart it',
          )
        : fine(NAME, `${place} is free`);
    case 'xaxbot':
      return isRunning
        ? fine(NAME, `the running bot serves ${addressWords(settings)}`)
        : failure(NAME, `another xaxbot, with another data folder, listens on ${place}`, elsewhere);
    case 'another':
      return failure(NAME, `another program listens on ${place}`, elsewhere);
    case 'unknown':
      return failure(
        NAME,
        `${place} cannot be listened on from here`,
        'leave out XAXBOT_WEB_HOST, or name an address of this host',
      );
  }
}

/** Who answers there. */
function whoAnswers(
  at: { socketPath: string } | { host: string; port: number },
  timeoutMs: number,
): Promise<'nobody' | 'xaxbot' | 'another' | 'unknown'> {
  return new Promise((resolve) => {
    const asking = request({
      ...at,
      path: PATH,
      headers: { host: '127.0.0.1' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    asking.on('response', async (response) => {
      const answer = await text(response).catch(() => '');
      resolve(isHealth(answer) ? 'xaxbot' : 'another');
    });
    asking.on('error', ({ code }: NodeJS.ErrnoException) => {
      const isNobody = code === 'ECONNREFUSED' || code === 'ENOENT';
      const isElsewhere =
        code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EHOSTUNREACH';
      resolve(isNobody ? 'nobody' : isElsewhere ? 'unknown' : 'another');
    });
    asking.end();
  });
}

function isHealth(answer: string): boolean {
  try {
    const { status, parts } = JSON.parse(answer);
    return ['ok', 'degraded', 'down'].includes(status) && typeof parts === 'object';
  } catch {
    return false;
  }
}
