import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createViolations } from '../../validators/problems.ts';
import { callProblems, responseProblems } from '../../validators/slack/methods.ts';
import { answerHalf, type CallWatcher, createFaults, type Fault } from '../faults.ts';
import { createApi } from './api.ts';
import { createPeople } from './people.ts';
import { type Seen, seen } from './seen.ts';
import { createSocketMode } from './sockets.ts';
import { closeThread, deleteMessage } from './threads.ts';
import {
  createWorld,
  type Json,
  MANIFEST_SCOPES,
  type SlackMessage,
  type SlackOptions,
  type SlackUser,
} from './world.ts';

export type { Ephemeral, SlackMessage, SlackUser } from './world.ts';

/**
 * A strict Slack on this host: the `emulate` package keeps messages, threads and files; this front adds Socket Mode,
 * forms, people, and what Slack refuses and the package accepts.
 */
export async function startSlackServer(options: SlackOptions = {}) {
  const botToken = 'xoxb-1-test';
  const appToken = 'xapp-1-test';
  const world = await createWorld(options);
  const { auth, inner, emulated, channels, requests, files, trouble, ephemerals, homes, views } = world;
  const { archived, deleted, joined, directs, timeline, replies, find } = world;
  const sockets = createSocketMode();
  const { userChanged, groupChanged } = createPeople(world, sockets);
  const faults = createFaults();
  let watcher: CallWatcher = () => true;
  const violations = createViolations('Slack');
  const api = createApi(world, sockets, { bot: botToken, app: appToken });

  const http = createServer((request, response) => {
    if (trouble.isDown) {
      request.socket.destroy();
      return;
    }
    handle(request, response).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  http.on('upgrade', (request, socket, head) => {
    // Whoever asked may be gone at any time.
    socket.on('error', () => {});
    if (trouble.isDown) socket.destroy();
    else sockets.upgrade(request, socket, head);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  trouble.base = base;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', base).pathname;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const name = path.replace(/^\/api\//, '').replace(/^\/(upload|respond)\/.*/, '$1');
    const fault = faults.take(name);
    const isWanted = await watcher('arrived', name, name === 'upload');
    await fault?.until;
    if (isWanted === false) return void request.socket.destroy();
    if (fault?.drop === 'before') return void request.socket.destroy();
    if (fault?.silent === 'before') return;
    if ((fault?.status !== undefined || fault?.error !== undefined) && fault.drop !== 'after')
      return refuse(response, fault);
    const [status, answer, headers] = await route(path, request, body);
    await watcher('done', name, name === 'upload');
    if (fault?.silent === 'after') return;
    if (fault?.drop === 'after') return void request.socket.destroy();
    if (fault?.half) return answerHalf(response, fault.half, JSON.stringify(answer));
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(answer), () => void watcher('answered', name, name === 'upload'));
  }

  /** Keeps what the published description of the API does not allow, and answers as Slack does. */
  function refused(what: string, problems: string[]): Json | undefined {
    if (options.strict === false || violations.note(what, problems).length === 0) return undefined;
    const named = ['only_one_table_allowed', 'msg_blocks_too_long'].find((code) =>
      problems.some((problem) => problem.includes(code)),
    );
    const error = named ?? (problems[0]!.startsWith('blocks') ? 'invalid_blocks' : 'invalid_arguments');
    return {
      ok: false,
      error,
      response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) },
    };
  }

  function refuse(response: ServerResponse, { status = 200, error, page, retryAfterSeconds }: Fault): void {
    response.writeHead(status, {
      'content-type': page?.type ?? 'application/json',
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    });
    response.end(page?.body ?? (error === undefined ? '' : JSON.stringify({ ok: false, error })));
  }

  async function route(
    path: string,
    request: IncomingMessage,
    body: Buffer,
  ): Promise<[number, Json, Record<string, string>?]> {
    if (path.startsWith('/upload/')) {
      const id = path.split('/').at(-1)!;
      const file = files.get(id);
      if (!file) return [404, {}];
      file.bytes = body.length;
      await fetch(`${emulated.url}/upload/v1/${id}`, { method: 'POST', body: new Uint8Array(body) });
      return [200, { ok: true }];
    }
    if (path.startsWith('/respond/')) {
      const answer = JSON.parse(body.toString()) as Json;
      const broken = refused('response_url', responseProblems(answer));
      return broken ? [200, broken] : api.respond(path.split('/').at(-1)!, answer);
    }
    const method = path.replace('/api/', '');
    const args = parsed(request, body);
    requests.push({ method, args, at: Date.now() });
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const problem = api.tokenProblem(method, token);
    if (problem) return [200, { ok: false, ...problem }];
    const broken = refused(method, callProblems(method, args));
    if (broken) return [200, broken];
    return [200, await api.call(method, args), { 'x-oauth-scopes': [...trouble.granted].join(',') }];
  }

  return {
    apiUrl: `${base}/api/`,
    botToken,
    appToken,
    botUserId: String(auth.user_id),
    botId: String(auth.bot_id),
    channels,
    requests,
    ephemerals,
    files,
    sockets,
    fault: faults.add,
    clearFaults: faults.clear,
    /** From now on this is told of every call. */
    watch(next: CallWatcher): void {
      watcher = next;
    },
    timeline,
    replies,
    find,
    homes,
    views,
    /** A file's bytes, as text. */
    async contents(id: string): Promise<string> {
      const { file } = (await inner('files.info', { file: id })) as { file: { url_private: string } };
      const answer = await fetch(file.url_private, { headers: { authorization: 'Bearer xoxb-inner' } });
      return answer.text();
    },
    directOf: (user: string) => directs.get(user),
    seen: (message: SlackMessage, sentAs: Json = {}): Seen => seen({ ...message, ...sentAs }),

    ...createPeople(world, sockets),

    /** Sets who is in a user group, and tells of it as Slack does; undefined: there is no such group. */
    async setGroup(id: string, users: readonly string[] | undefined): Promise<void> {
      if (users) world.userGroups.set(id, new Set(users));
      else world.userGroups.delete(id);
      if (sockets.count() > 0) await groupChanged(id);
    },
    /** Sets what somebody is to the workspace, and tells of it as Slack does. */
    async setKind(user: string, kind: SlackUser['kind']): Promise<void> {
      world.userOf(user)!.kind = kind;
      if (sockets.count() > 0) await userChanged(user);
    },
    setPrivate: (channel: string, is = true) =>
      void (is ? world.closed.add(channel) : world.closed.delete(channel)),
    /** What is delivered as somebody's doing, whatever it says. */
    deliver: sockets.deliver,

    /** What goes wrong. */
    revoke(error = 'token_revoked'): void {
      trouble.revoked = error;
    },
    restore(): void {
      trouble.revoked = undefined;
    },
    setScopes(names: string[]): void {
      trouble.granted = new Set(names);
    },
    scopes: MANIFEST_SCOPES,
    archive: (channel: string) => void archived.add(channel),
    unarchive: (channel: string) => void archived.delete(channel),
    deleteChannel: (channel: string) => void deleted.add(channel),
    kick: (channel: string) => void joined.delete(channel),
    invite: (channel: string) => void joined.add(channel),
    deleteMessage: (channel: string, ts: string) => deleteMessage(world, channel, ts),
    closeThread: (channel: string, ts: string, code?: string) => closeThread(world, channel, ts, code),
    freezeEdits(is = true): void {
      trouble.frozen = is;
    },
    down(): void {
      trouble.isDown = true;
      sockets.cut();
      http.closeAllConnections();
    },
    up(): void {
      trouble.isDown = false;
    },
    /** Rejects when it was sent what Slack does not take. */
    async stop(): Promise<void> {
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await emulated.close();
      violations.expectNone();
    },
  };
}

export type SlackServer = Awaited<ReturnType<typeof startSlackServer>>;

/** Arguments as the SDK sends them: a form whose objects are JSON, or JSON as a whole. */
function parsed(request: IncomingMessage, body: Buffer): Json {
  const type = request.headers['content-type'] ?? '';
  if (type.includes('application/json')) return JSON.parse(body.toString() || '{}') as Json;
  const args: Json = {};
  for (const [key, value] of new URLSearchParams(body.toString())) {
    const isJson =
      ['blocks', 'metadata', 'view', 'files'].includes(key) || value === 'true' || value === 'false';
    args[key] = isJson ? JSON.parse(value) : value;
  }
  return args;
}
