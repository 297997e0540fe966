import { BotError } from './errors.ts';
import { allows, type Person, type Role } from './person.ts';

/** Error `not-allowed` for somebody whose role is not enough for one action of a command. */
export function mustBeAllowed(
  command: string,
  action: string,
  { role = null }: { role?: Role | null },
  person: Person,
): void {
  if (allows(person.role, role)) return;
  throw new BotError(
    'not-allowed',
    `"${command} ${action}" needs the role ${role}.`,
    'An admin can change that in xaxbot.yaml.',
  );
}
