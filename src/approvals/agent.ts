import { BotError } from '../core/errors.ts';
import { type Listed, type Person, personOf } from '../core/person.ts';

/**
 * The agent of that id, or the only one where none is named. Errors `no-agent`, `which-agent`, `not-an-agent`, each
 * with the agents there are.
 */
export function agentNamed(people: readonly Listed[], wanted: string | undefined): Person {
  const agents = people.filter(({ role }) => role === 'agent');
  const there = `xaxbot.yaml has: ${agents.map(({ id }) => id).join(', ')}.`;
  if (agents.length === 0)
    throw new BotError(
      'no-agent',
      'xaxbot.yaml has no person with the role agent.',
      'Add one below people:, such as "claude: {name: Claude, role: agent}" (docs/agents.md).',
    );
  if (wanted === undefined && agents.length > 1)
    throw new BotError('which-agent', 'There are several agents.', `Name one with --as. ${there}`);
  const found = wanted === undefined ? agents[0] : agents.find(({ id }) => id === wanted);
  if (found) return personOf(found);
  const person = people.find(({ id }) => id === wanted);
  const what = person
    ? `${wanted} has the role ${person.role}, not agent`
    : `There is nobody called "${wanted}"`;
  throw new BotError('not-an-agent', `${what}.`, there);
}
