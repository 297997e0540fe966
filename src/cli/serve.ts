import { say } from '../../adapters/terminal/screen.ts';
import type { Config } from '../config/config.ts';
import type { Entry } from '../core/adapter.ts';
import { shellCommand } from '../core/shell-command.ts';
import { hostPerson } from './host-person.ts';

/** The link that lets the first person in, and how to reach it from elsewhere. */
export function printEntry(web: Entry, config: Config): void {
  const person = hostPerson(config);
  const tunnel = web.tunnel();
  say(
    `Open the chat as ${person.name} (this link works once, for ten minutes):\n\n  ${web.createLink(person.id)}\n`,
  );
  if (tunnel !== null) say(`From another machine, first run: ${tunnel}`);
  say(`A link for anyone in xaxbot.yaml: ${shellCommand('web-link PERSON')}`);
}
