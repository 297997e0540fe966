import { z } from 'zod';
import type { AdapterKind } from '../../adapters/kind.ts';
import { TRANSITION_KINDS } from '../core/transition.ts';
import { shown } from './shown.ts';

/** `roles:` of people, groups and channels: what is said of each queue where it is something else than everywhere. */
function byQueue<const T extends readonly string[]>(accepted: T, description: string) {
  return z
    .record(z.string(), z.enum(accepted))
    .optional()
    .meta({
      description,
      type: `queue names, each with ${accepted.map((each) => `\`${each}\``).join(', ')}`,
    });
}

const texts = z.array(z.string().min(1));

/** One of `people:`, with an account at each adapter that has accounts of its own. */
export function personSchema(kinds: readonly AdapterKind[]) {
  const accounts = kinds.flatMap(({ name, account }) => (account ? [[name, account.optional()]] : []));
  return z
    .strictObject({
      name: shown.optional().meta({
        description: 'their name everywhere: as owner of jobs and log rows, and for what they did',
        otherwise: 'ID',
      }),
      role: z
        .enum(['viewer', 'agent', 'operator', 'admin'])
        .meta({ description: 'someone must be admin; without `people`, whoever runs xaxbot is' }),
      roles: byQueue(
        ['viewer', 'agent', 'operator', 'admin'],
        'their role on queues where it is another, such as `{gpu-02: viewer}`',
      ),
      unix: z.string().min(1).optional().meta({
        description:
          'their user in the terminal and the owner of their run folders; each name belongs to one person',
        type: 'Unix name',
        otherwise: 'ID',
      }),
      ...(Object.fromEntries(accounts) as Record<string, z.ZodOptional<z.ZodType<string>>>),
    })
    .superRefine(({ role, roles = {} }, context) => {
      for (const [queue, each] of Object.entries(roles))
        if (role === 'agent' ? each !== 'agent' && each !== 'viewer' : each === 'agent')
          context.addIssue({
            code: 'custom',
            path: ['roles', queue],
            message: `is "${each}"; accepted for somebody whose role is ${role}: ${role === 'agent' ? 'viewer, agent' : 'viewer, operator, admin'}`,
          });
    })
    .transform(({ name, role, roles, ...identities }) => ({
      name,
      role,
      roles,
      identities: identities as { unix?: string | undefined; [adapter: string]: string | undefined },
    }));
}

/** One of `groups:`, with its id at each adapter that has groups of accounts; somebody is an agent by themselves. */
export function groupSchema(kinds: readonly AdapterKind[]) {
  const groups = kinds.flatMap(({ name, group }) => (group ? [[name, group.optional()]] : []));
  return z
    .strictObject({
      role: z
        .enum(['viewer', 'operator', 'admin'])
        .meta({ description: 'the role of whoever is in the group; of several roles the highest counts' }),
      roles: byQueue(['viewer', 'operator', 'admin'], 'their role on queues where it is another'),
      ...(Object.fromEntries(groups) as Record<string, z.ZodOptional<z.ZodType<string>>>),
    })
    .transform(({ role, roles, ...identities }, context) => {
      if (Object.keys(identities).length === 0)
        context.addIssue({
          code: 'custom',
          message: `names no group; accepted: ${groups.map(([name]) => name).join(', ')}`,
        });
      return {
        role,
        ...(roles ? { roles } : {}),
        identities: identities as { [adapter: string]: string | undefined },
      };
    });
}

/** One of `channels:`, of an adapter that has channels. */
export function channelSchema(kinds: readonly AdapterKind[]) {
  const ids = new Map(kinds.flatMap(({ name, channels }) => (channels ? [[name, channels.id]] : [])));
  const [first = '', ...others] = ids.keys();
  return z
    .strictObject({
      platform: z
        .enum([first, ...others])
        .default(first)
        .meta({
          description: 'without a channel of the web chat there is one called `queue`, for everything',
        }),
      id: z.unknown().optional().meta({
        description: "such as `C012AB3CD` for Slack; Discord's 17 to 20 digits need quotes",
        type: "name, or the platform's id",
        otherwise: 'required',
      }),
      title: shown.optional().meta({ description: 'what it is called', otherwise: 'the id' }),
      description: shown.default('').meta({ description: 'what it is for', otherwise: 'none' }),
      board: z
        .boolean()
        .default(true)
        .meta({ description: 'whether it has a card for the queue as a whole' }),
      tasks: texts
        .optional()
        .meta({ description: 'only jobs whose task key contains one of these', otherwise: 'all' }),
      owners: texts
        .optional()
        .meta({ description: 'only jobs of these owners, by id, name or Unix name', otherwise: 'all' }),
      queues: texts
        .optional()
        .meta({ description: 'only jobs of these queues', type: 'list of queue names', otherwise: 'all' }),
      transitions: z
        .array(z.enum(TRANSITION_KINDS))
        .min(1)
        .optional()
        .meta({ description: 'which changes of a job are posted', otherwise: 'all' }),
      endings: z
        .enum(['thread', 'broadcast'])
        .default('thread')
        .meta({ description: 'whether the end of a job is posted in the channel too' }),
      members: z.enum(['none', 'viewer', 'own', 'operator']).optional().meta({
        description: 'what members who are not in `people` may do; `own`: read, and run jobs of their own',
        otherwise: '[who may do what](#who-may-do-what)',
      }),
      roles: byQueue(
        ['none', 'viewer', 'own', 'operator'],
        'what they may do on queues where that is something else',
      ),
      capture_threads: z.boolean().default(false).meta({
        description:
          "whether messages in a job's thread are saved with its experiment; never those of guests and bots",
      }),
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
