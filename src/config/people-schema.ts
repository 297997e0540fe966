import { z } from 'zod';
import type { AdapterKind } from '../../adapters/kind.ts';
import { TRANSITION_KINDS } from '../core/transition.ts';
import { shown } from './shown.ts';

const texts = z.array(z.string().min(1));

/** One of `people:`, with an account at each adapter that has accounts of its own. */
export function personSchema(kinds: readonly AdapterKind[]) {
  const accounts = kinds.flatMap(({ name, account }) => (account ? [[name, account.optional()]] : []));
  return z
    .strictObject({
      name: shown.optional(),
      role: z.enum(['viewer', 'agent', 'operator', 'admin']),
      unix: z.string().min(1).optional(),
      ...(Object.fromEntries(accounts) as Record<string, z.ZodOptional<z.ZodType<string>>>),
    })
    .transform(({ name, role, ...identities }) => ({
      name,
      role,
      identities: identities as { unix?: string | undefined; [adapter: string]: string | undefined },
    }));
}

/** One of `groups:`, with its id at each adapter that has groups of accounts; somebody is an agent by themselves. */
export function groupSchema(kinds: readonly AdapterKind[]) {
  const groups = kinds.flatMap(({ name, group }) => (group ? [[name, group.optional()]] : []));
  return z
    .strictObject({
      role: z.enum(['viewer', 'operator', 'admin']),
      ...(Object.fromEntries(groups) as Record<string, z.ZodOptional<z.ZodType<string>>>),
    })
    .transform(({ role, ...identities }, context) => {
      if (Object.keys(identities).length === 0)
        context.addIssue({
          code: 'custom',
          message: `names no group; accepted: ${groups.map(([name]) => name).join(', ')}`,
        });
      return { role, identities: identities as { [adapter: string]: string | undefined } };
    });
}

/** One of `channels:`, of an adapter that has channels. */
export function channelSchema(kinds: readonly AdapterKind[]) {
  const ids = new Map(kinds.flatMap(({ name, channels }) => (channels ? [[name, channels.id]] : [])));
  const [first = '', ...others] = ids.keys();
  return z
    .strictObject({
      platform: z.enum([first, ...others]).default(first),
      id: z.unknown().optional(),
      title: shown.optional(),
      description: shown.default(''),
      board: z.boolean().default(true),
      tasks: texts.optional(),
      owners: texts.optional(),
      transitions: z.array(z.enum(TRANSITION_KINDS)).min(1).optional(),
      endings: z.enum(['thread', 'broadcast']).default('thread'),
      members: z.enum(['none', 'viewer', 'own', 'operator']).optional(),
      capture_threads: z.boolean().default(false),
    })
    .transform((given, context) => {
      const id = ids.get(given.platform)!.safeParse(given.id);
      if (!id.success)
        context.addIssue({
          code: 'custom',
          path: ['id'],
          message: given.id === undefined ? 'is missing' : id.error.issues[0]!.message,
        });
      return { ...given, id: id.data ?? '' };
    });
}
