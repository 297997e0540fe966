import { MessageFlags } from 'discord-api-types/v10';
import { z } from 'zod';
import { findRepeated } from '../problems.ts';
import { displayComponents, rows, snowflake } from './components.ts';

/** Messages as they are sent and edited (discord-api-types 0.38, resources/message). */
const FILES_MAX = 10;

/** What a request came with, and what of the message may already stand. */
export interface Surroundings {
  /** The names of uploaded files, by the n of `files[n]`. */
  uploads: ReadonlyMap<string, string>;
  /** The names of attachments that Discord has, by id. */
  kept: ReadonlyMap<string, string>;
}

export type Place = 'channel' | 'interaction';

const ids = z.array(snowflake).max(100);
const allowedMentions = z
  .strictObject({
    parse: z.array(z.enum(['users', 'roles', 'everyone'])),
    users: ids.optional(),
    roles: ids.optional(),
    replied_user: z.boolean().optional(),
  })
  .superRefine(({ parse, users = [], roles = [] }, context) => {
    findRepeated([...users, ...roles, ...parse], (value) =>
      context.addIssue(`${String(value)} occurs twice`),
    );
    if (parse.includes('users') && users.length > 0) context.addIssue('users both parsed and listed');
    if (parse.includes('roles') && roles.length > 0) context.addIssue('roles both parsed and listed');
  });

const attachments = z
  .array(
    z.strictObject({
      id: z.union([snowflake, z.int().min(0)]),
      filename: z.string().min(1).optional(),
      description: z.string().max(1024).optional(),
      title: z.string().max(1024).optional(),
      is_spoiler: z.boolean().optional(),
    }),
  )
  .max(FILES_MAX);

const SETTABLE: Readonly<Record<Place, number>> = {
  channel: MessageFlags.IsComponentsV2 | MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications,
  interaction:
    MessageFlags.IsComponentsV2 |
    MessageFlags.SuppressEmbeds |
    MessageFlags.SuppressNotifications |
    MessageFlags.Ephemeral,
};

/** The schema of a message's body, of version 2 or 1 as its flags say. */
export function messageSchema(body: unknown, place: Place, around: Surroundings): z.ZodType {
  const isV2 = (Number((body as { flags?: unknown } | null)?.flags ?? 0) & MessageFlags.IsComponentsV2) !== 0;
  const version = isV2
    ? { components: displayComponents, content: z.null().optional(), embeds: z.array(z.never()).nullish() }
    : { components: rows.optional(), content: z.string().max(2000).nullish() };
  return z
    .strictObject({
      ...version,
      flags: z
        .int()
        .refine((flags) => (flags & ~SETTABLE[place]) === 0, 'flags that cannot be set here')
        .optional(),
      // Without it everybody that the text names is told: never left to the default.
      allowed_mentions: allowedMentions,
      attachments: attachments.optional(),
      nonce: z.union([z.string().min(1).max(25), z.int()]).optional(),
      enforce_nonce: z.boolean().optional(),
      message_reference: z
        .strictObject({ message_id: snowflake, channel_id: snowflake.optional() })
        .optional(),
      tts: z.boolean().optional(),
    })
    .superRefine((message, context) => checkFiles(message, { ...around, isV2 }, context));
}

function checkFiles(
  message: {
    attachments?: { id: string | number; filename?: string | undefined }[] | undefined;
    components?: unknown;
  },
  { uploads, kept, isV2 }: Surroundings & { isV2: boolean },
  context: z.core.$RefinementCtx,
): void {
  const listed = message.attachments;
  const names = listed
    ? listed.map(({ id, filename }) => filename ?? uploads.get(String(id)) ?? kept.get(String(id)))
    : [...uploads.values()];
  for (const [index, name] of names.entries())
    if (name === undefined) context.addIssue(`attachment ${index} is neither uploaded nor known`);
  findRepeated(names, (name) => context.addIssue(`two attachments of the name ${String(name)}`));
  if (listed)
    for (const [index, name] of uploads)
      if (!listed.some(({ id }) => String(id) === index))
        context.addIssue(`the upload ${name} is not listed`);
  const shown: string[] = JSON.stringify(message.components ?? []).match(/(?<="attachment:\/\/)[^"]*/g) ?? [];
  for (const name of shown)
    if (!names.includes(name)) context.addIssue(`attachment://${name} is shown and not attached`);
  for (const name of names)
    if (isV2 && name !== undefined && !shown.includes(name))
      context.addIssue(`${name} is attached and not shown`);
}
