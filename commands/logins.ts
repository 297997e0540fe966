import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import type { Text } from '../src/core/message.ts';
import { allows, type Person } from '../src/core/person.ts';
import { loginName, UNUSED_LOGIN_MS, type WebLogin, type WebLogins } from '../src/core/web-logins.ts';

/** The fewest digits that name a login. */
const FEWEST = 4;
const DAY_MS = 24 * 3_600_000;

interface Shown {
  id: string;
  person: string;
  browser: string;
  madeAt: number;
  usedAt: number;
}

interface LoginsData {
  ended: Shown[] | null;
  logins: Shown[];
}

export const logins = defineCommand({
  name: 'logins',
  group: 'You and the chat',
  summary: 'Where you are signed in to the web chat, and an end to it; for admins everybody',
  examples: ['logins', 'logins end=3fa9c1d2', 'logins end=all'],
  options: {
    end: {
      type: 'text',
      maxLength: 64,
      description: 'the login to end, by its id, or "all" of your own: what its browser has open is closed',
    },
  },
  services: ['webLogins', 'nameOf'],
  role: 'viewer',
  visibility: 'private',
  changes: true,
  agents: 'never',
  async run({ end }, { caller: { person }, services: { webLogins, nameOf } }): Promise<LoginsData> {
    const show = (login: WebLogin): Shown => ({
      id: loginName(login.id),
      person: nameOf(login.person),
      browser: login.browser,
      madeAt: login.madeAt,
      usedAt: login.usedAt,
    });
    const meant = end === undefined ? null : meantBy(end, webLogins, person);
    for (const { id } of meant ?? []) webLogins.remove(id);
    return { ended: meant?.map(show) ?? null, logins: visibleTo(person, webLogins).map(show) };
  },
  view({ ended, logins }) {
    if (ended !== null) {
      const text = ended.map(
        ({ id, person, browser }): Text => ['Ended: ', { code: id }, ` of ${person}, ${browser}.`],
      );
      return { tone: 'good', blocks: text.map((each) => ({ kind: 'text', text: each })) };
    }
    if (logins.length === 0)
      return {
        blocks: [{ kind: 'text', text: 'Nobody whose logins you may see is signed in to the web chat.' }],
      };
    const time = (at: number): Text => ({ time: at, style: 'relative' });
    return {
      blocks: [
        {
          kind: 'table',
          columns: ['login', 'who', 'browser', 'since', 'last used'],
          rows: logins.map(({ id, person, browser, madeAt, usedAt }): Text[] => [
            { code: id },
            person,
            browser,
            time(madeAt),
            time(usedAt),
          ]),
        },
        {
          kind: 'text',
          text: { hint: `A login that is not used for ${UNUSED_LOGIN_MS / DAY_MS} days is over.` },
        },
      ],
    };
  },
});

/** Everybody's for an admin, for others their own. */
function visibleTo({ id, role }: Person, webLogins: WebLogins): WebLogin[] {
  return webLogins.all().filter(({ person }) => allows(role, 'admin') || person === id);
}

function meantBy(end: string, webLogins: WebLogins, person: Person): WebLogin[] {
  const visible = visibleTo(person, webLogins);
  const typed = end.toLowerCase();
  if (typed === 'all') {
    const own = visible.filter((login) => login.person === person.id);
    if (own.length > 0) return own;
    throw new BotError('unknown-login', 'You are not signed in to the web chat.', undefined, 'end');
  }
  const found = typed.length < FEWEST ? [] : visible.filter((login) => loginName(login.id).startsWith(typed));
  if (found.length === 1) return found;
  throw new BotError(
    'unknown-login',
    found.length > 1
      ? `${found.length} logins begin with "${end}".`
      : `There is no login "${end}" that you may end.`,
    'Name one by its id: "logins" lists them.',
    'end',
  );
}
