import type { AuditService } from '../core/services/audit.ts';
import type { Audit } from '../store/audit.ts';
import type { People } from './people.ts';

/** The audit with the names of people, who are found by whatever they are written as. */
export function createAuditService(
  audit: Pick<Audit, 'list'>,
  people: Pick<People, 'nameOf' | 'spellingsOf'>,
): AuditService {
  return {
    list: ({ person, ...query }) =>
      audit
        .list(person === undefined ? query : { ...query, persons: people.spellingsOf(person).persons })
        .map((entry) => ({ ...entry, name: people.nameOf(entry.person) })),
  };
}
