import type { Config } from '../config/config.ts';
import type { Person } from '../core/person.ts';
import { onHost } from '../identity/people.ts';

/** The person who runs the bot on its host. */
export function hostPerson({ people, childEnv }: Pick<Config, 'people' | 'childEnv'>): Person {
  return onHost(people, childEnv.USER ?? childEnv.LOGNAME);
}
