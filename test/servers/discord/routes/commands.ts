import type { Scope } from '../commands.ts';
import type { Context } from '../context.ts';
import { refuse } from '../errors.ts';
import type { Router } from '../router.ts';

/** Application commands, global and of each guild. */
export function commandRoutes(api: Router, context: Context): void {
  const { world, commands } = context;
  const own = (application: string) => {
    if (application !== world.bot.id) throw refuse(20012);
  };
  const scopeOf = (guild: string | undefined): Scope => {
    if (guild === undefined) return 'global';
    if (!world.guilds.has(guild) || !world.members.has(world.bot.id)) throw refuse(50001);
    return guild;
  };
  for (const base of ['/applications/:app/commands', '/applications/:app/guilds/:guild/commands'] as const) {
    api.get(base, (c) => {
      own(c.req.param('app')!);
      return c.json(commands.of(scopeOf(c.req.param('guild'))));
    });
    api.put(base, (c) => {
      own(c.req.param('app')!);
      return c.json(commands.overwrite(scopeOf(c.req.param('guild')), c.get('body').json.list));
    });
    api.post(base, (c) => {
      own(c.req.param('app')!);
      const { command, created } = commands.upsert(scopeOf(c.req.param('guild')), c.get('body').json);
      return c.json(command, created ? 201 : 200);
    });
    api.delete(`${base}/:command`, (c) => {
      own(c.req.param('app')!);
      commands.remove(scopeOf(c.req.param('guild')), c.req.param('command')!);
      return c.body(null, 204);
    });
  }
}
