import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { requestProblems } from '../../validators/discord/requests.ts';
import type { Violations } from '../../validators/problems.ts';
import { answerHalf, type CallWatcher } from '../faults.ts';
import { type Body, readBody } from './body.ts';
import type { Context } from './context.ts';
import { isRefusal, refuse } from './errors.ts';
import { type Faults, meet } from './faults.ts';
import { createForm } from './form.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Env } from './router.ts';
import { channelRoutes } from './routes/channels.ts';
import { commandRoutes } from './routes/commands.ts';
import { identityRoutes } from './routes/identity.ts';
import { interactionRoutes } from './routes/interactions.ts';
import { messageRoutes } from './routes/messages.ts';
import { reactionRoutes } from './routes/reactions.ts';

/** One request as it came, tokens of interactions masked. */
export interface Logged {
  method: string;
  /** From after `/api/v10`, without the query. */
  path: string;
  query: string;
  body: Body['json'];
  /** Names of uploaded files. */
  files: string[];
  /** Epoch milliseconds of the server's clock. */
  at: number;
  /** The answer's status; 0 when the line was cut. */
  status: number;
}

interface RestDeps {
  context: Context;
  faults: Faults;
  rateLimits: RateLimits;
  log: Logged[];
  /** Where broken requests are kept; undefined: only what this server looks at itself is refused. */
  violations: Violations | undefined;
  isDown(): boolean;
  watcher(): CallWatcher;
}

const OPEN = /^\/(interactions|webhooks)\//;
const masked = (path: string) => path.replace(/^(\/(?:interactions|webhooks)\/[^/]+\/)[^/]+/, '$1:token');

/** Keeps and refuses (50035) what the published description of the API does not allow. */
function refuseBroken(
  { world }: Context,
  violations: Violations,
  method: string,
  path: string,
  { json, files }: Body,
): void {
  const messages = [...world.channels.values()].flatMap((channel) => [...channel.messages.values()]);
  const kept = messages
    .flatMap(({ attachments }) => attachments)
    .map(({ id, filename }) => [id, filename] as const);
  const uploads = [...files].map(([index, { filename }]) => [index, filename] as const);
  const around = { uploads: new Map(uploads), kept: new Map(kept) };
  const form = createForm();
  for (const problem of violations.note(
    `${method} ${path}`,
    requestProblems(method, decodeURIComponent(path), json, around),
  ))
    form.problem('INVALID', problem);
  form.check();
}

/** The REST API, v10, under /api, and the files under /cdn. */
export function createRest({
  context,
  faults,
  rateLimits,
  log,
  violations,
  isDown,
  watcher,
}: RestDeps): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/cdn/attachments/:channel/:id/:name', (c) => {
    const messages = [...context.world.channels.values()].flatMap((channel) => [
      ...channel.messages.values(),
    ]);
    const file = messages
      .flatMap(({ attachments }) => attachments)
      .find(({ id }) => id === c.req.param('id'));
    if (!file) return c.text('This content is no longer available.', 404);
    return c.body(new Uint8Array(file.bytes), 200, { 'Content-Type': file.contentType });
  });

  app.use('/api/v10/*', async (c, next) => {
    const cut = () => {
      c.env.incoming.socket.destroy();
      return RESPONSE_ALREADY_SENT;
    };
    const leftOpen = () => RESPONSE_ALREADY_SENT;
    if (isDown()) return cut();
    const path = masked(decodeURIComponent(c.req.path.slice('/api/v10'.length)));
    const route = `${c.req.method} ${path}`;
    const entry: Logged = {
      method: c.req.method,
      path,
      query: new URL(c.req.url).search,
      body: {},
      files: [],
      at: context.world.clock.now(),
      status: 0,
    };
    log.push(entry);
    const hasFiles = c.req.header('content-type')?.startsWith('multipart/') === true;
    const fault = faults.take(route, hasFiles);
    let headers: Record<string, string> = {};
    try {
      const body = await readBody(c, context.fileLimit);
      Object.assign(entry, {
        body: body.json,
        files: [...body.files.values()].map(({ filename }) => filename),
      });
      if (violations) refuseBroken(context, violations, c.req.method, path, body);
      const isWanted = await watcher()('arrived', route, hasFiles);
      if (fault) await meet(fault);
      if (fault?.silent === 'before') return leftOpen();
      if (fault?.drop === 'before' || isWanted === false || isDown()) return cut();
      const token = /^Bot (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
      if (!OPEN.test(path) && !context.tokenIsGood(token)) throw refuse(0);
      headers = rateLimits.count(route);
      c.set('body', body);
      await next();
      if (c.error) throw c.error;
    } catch (error) {
      const refusal = isRefusal(error)
        ? error
        : {
            status: 500,
            headers: {},
            page: undefined,
            body: { message: `500: Internal Server Error (${String(error)})`, code: 0 },
          };
      c.res = new Response(refusal.page?.body ?? JSON.stringify(refusal.body), {
        status: refusal.status,
        headers: { 'Content-Type': refusal.page?.type ?? 'application/json', ...refusal.headers },
      });
    }
    await watcher()('done', route, hasFiles);
    if (fault?.silent === 'after') return leftOpen();
    if (fault?.drop === 'after') return cut();
    if (fault?.half) {
      answerHalf(c.env.outgoing as ServerResponse, fault.half, await c.res.text());
      c.res = undefined;
      c.res = RESPONSE_ALREADY_SENT;
      return undefined;
    }
    c.env.outgoing.once('finish', () => void watcher()('answered', route, hasFiles));
    entry.status = c.res.status;
    rateLimits.countInvalid(c.res.status);
    for (const [name, value] of Object.entries(headers))
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    return undefined;
  });

  const api = new Hono<Env>();
  for (const routes of [
    identityRoutes,
    channelRoutes,
    messageRoutes,
    reactionRoutes,
    commandRoutes,
    interactionRoutes,
  ])
    routes(api, context);
  app.route('/api/v10', api);
  app.notFound((c) => c.json({ message: '404: Not Found', code: 0 }, 404));
  // Hono hands over what a handler threw as the context's error; the middleware above words it.
  app.onError((error, c) => c.json({ message: String(error), code: 0 }, 500));
  return app;
}
