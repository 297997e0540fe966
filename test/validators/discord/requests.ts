import { InteractionResponseType as Response } from 'discord-api-types/v10';
import { z } from 'zod';
import { problemsOf } from '../problems.ts';
import { commands } from './commands.ts';
import { snowflake } from './components.ts';
import { messageSchema, type Surroundings } from './message.ts';
import { modal } from './modal.ts';

/** The REST API's requests (discord-api-docs c98d64b), by method and path behind `/api/v10`. */
type Check = (body: unknown, around: Surroundings) => string[];

const is =
  (schema: z.ZodType): Check =>
  (body) =>
    problemsOf(schema, body);
const nothing = is(z.strictObject({}));
const inChannel: Check = (body, around) => problemsOf(messageSchema(body, 'channel', around), body);
const toInteraction: Check = (body, around) => problemsOf(messageSchema(body, 'interaction', around), body);

const choice = z.strictObject({
  name: z.string().min(1).max(100),
  value: z.union([z.string().min(1).max(100), z.number()]),
});
const DATA: Readonly<Record<number, Check>> = {
  [Response.ChannelMessageWithSource]: toInteraction,
  [Response.DeferredChannelMessageWithSource]: is(
    z.strictObject({ flags: z.union([z.literal(0), z.literal(64)]).optional() }).optional(),
  ),
  [Response.DeferredMessageUpdate]: is(z.undefined()),
  [Response.UpdateMessage]: toInteraction,
  [Response.ApplicationCommandAutocompleteResult]: is(z.strictObject({ choices: z.array(choice).max(25) })),
  [Response.Modal]: is(modal),
};

const callback: Check = (body, around) => {
  const { type, data, ...rest } = body as { type?: number; data?: unknown };
  const check = DATA[Number(type)];
  return [
    ...(check ? check(data, around).map((problem) => `data.${problem}`) : [`type: ${String(type)} is none`]),
    ...Object.keys(rest).map((key) => `${key}: unknown`),
  ];
};

const thread = z.strictObject({
  name: z.string().min(1).max(100),
  auto_archive_duration: z.union([60, 1440, 4320, 10080].map((minutes) => z.literal(minutes))).optional(),
  rate_limit_per_user: z.int().min(0).max(21_600).nullish(),
});

const ROUTES: readonly [method: string, path: RegExp, check: Check][] = [
  ['POST', /^\/channels\/\w+\/messages$/, inChannel],
  ['PATCH', /^\/channels\/\w+\/messages\/\w+$/, inChannel],
  ['POST', /^\/channels\/\w+\/messages\/\w+\/threads$/, is(thread)],
  [
    'PATCH',
    /^\/channels\/\w+$/,
    is(
      z.strictObject({
        archived: z.boolean().optional(),
        locked: z.boolean().optional(),
        name: z.string().min(1).max(100).optional(),
      }),
    ),
  ],
  ['POST', /^\/channels\/\w+\/typing$/, nothing],
  ['PUT', /^\/channels\/\w+\/(messages\/\d+\/reactions\/[^/]+|thread-members)\/@me$/, nothing],
  ['POST', /^\/users\/@me\/channels$/, is(z.strictObject({ recipient_id: snowflake }))],
  [
    'PUT',
    /^\/applications\/\d+\/(guilds\/\d+\/)?commands$/,
    (body) => is(commands)((body as { list: unknown }).list, none),
  ],
  ['POST', /^\/interactions\/\d+\/[^/]+\/callback$/, callback],
  ['POST', /^\/webhooks\/\d+\/[^/]+$/, toInteraction],
  ['PATCH', /^\/webhooks\/\d+\/[^/]+\/messages\/(@original|\d+)$/, toInteraction],
];
const none: Surroundings = { uploads: new Map(), kept: new Map() };

/** What is wrong with a request; one without a schema here is wrong too, until it has one. */
export function requestProblems(method: string, path: string, body: unknown, around: Surroundings): string[] {
  if (method === 'GET' || method === 'DELETE') return problemsOf(z.strictObject({}), body);
  const route = ROUTES.find(([verb, pattern]) => verb === method && pattern.test(path));
  return route
    ? route[2](body, around)
    : [`(whole): no schema of ${method} ${path} in test/validators/discord`];
}
