import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { BotError } from '../../src/core/errors.ts';
import type { Message } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { Requester } from '../../src/core/request.ts';
import { createLinks } from '../../src/identity/links.ts';
import { createPeople, type KnownPerson } from '../../src/identity/people.ts';
import { type Db, openDb } from '../../src/store/db.ts';
import { createIdentities } from '../../src/store/identities.ts';
import { temporaryFolder } from '../helpers.ts';

const KNOWN: KnownPerson[] = [
  { id: 'ada', name: 'Ada', role: 'admin', identities: {} },
  { id: 'bob', name: 'Bob', role: 'operator', identities: {} },
];
const TRAITS = new Map(
  [
    { name: 'web', title: 'the web chat', isOwn: true, hasDirectMessages: true },
    { name: 'slack', title: 'Slack', isOwn: false, hasDirectMessages: true },
    { name: 'terminal', title: 'the terminal', isOwn: true, hasDirectMessages: false },
  ].map((each) => [each.name, { ...each, commandPrefix: () => '', showsThreadsInChannel: false }]),
);
const TEN_MINUTES = 600_000;

const ada: Requester = { adapter: 'web', person: { id: 'ada', name: 'Ada', role: 'admin' } };
const bob: Requester = { adapter: 'web', person: { id: 'bob', name: 'Bob', role: 'operator' } };
const inSlack = (id: string, name: string): Requester => ({
  adapter: 'slack',
  person: { id: `slack:${id}`, name, role: 'viewer' },
  account: { id, name },
});
/** Calls herself Ada, and is not. */
const mallory = inSlack('U0MAL', 'Ada');
const adasOwn = inSlack('U0ADA', 'ada');

describe('a link', () => {
  let db: Db | undefined;
  let now = 0;
  let told: { channel: string; message: Message }[] = [];
  let links: ReturnType<typeof createLinks>;
  let people: ReturnType<typeof createPeople>;
  beforeEach(() => {
    db?.close();
    db = openDb(temporaryFolder());
    now = 1_795_446_972_000;
    told = [];
    const identities = createIdentities(db, () => now);
    people = createPeople(() => ({ people: KNOWN }), identities);
    links = createLinks({
      identities,
      people,
      traits: TRAITS,
      typing: { at: () => (line) => line },
      tell: (_key, _adapter, channel, message) => void told.push({ channel, message }),
      onLinked: () => {},
    });
  });
  afterAll(() => db?.close());
  const whose = (account: string) => people.byAccount('slack', account)?.id;
  const codeOf = (work: () => unknown): string => {
    try {
      work();
      return 'done';
    } catch (error) {
      if (error instanceof BotError) return error.code;
      throw error;
    }
  };

  it('that the account asks for is confirmed where the person entered the code, who is told which account asks', () => {
    const { code, gives } = links.begin(adasOwn);
    expect(gives).toBe(false);
    expect(links.claim(code, ada)).toEqual({
      person: 'Ada',
      asker: { name: 'ada', id: 'U0ADA', where: 'Slack' },
      confirmIn: null,
    });
    expect(whose('U0ADA')).toBeUndefined();
    links.confirm(code, ada);
    expect(whose('U0ADA')).toBe('ada');
  });

  it('that the person offers is confirmed where they began, who are told which account took it', () => {
    const { code, gives } = links.begin(ada);
    expect(gives).toBe(true);
    expect(links.claim(code, adasOwn)).toMatchObject({ person: 'Ada', confirmIn: 'the web chat' });
    expect(told.map(({ channel }) => channel)).toEqual(['dm:ada']);
    expect(plainText(told[0]!.message)).toContain('ada (U0ADA in Slack) asks to be linked to Ada');
    expect(whose('U0ADA')).toBeUndefined();
    links.confirm(code, ada);
    expect(whose('U0ADA')).toBe('ada');
  });

  it('gives nothing to somebody who makes a person enter a code, whatever they do with it then', () => {
    const { code } = links.begin(mallory);
    const { asker } = links.claim(code, ada);
    expect(asker).toEqual({ name: 'Ada', id: 'U0MAL', where: 'Slack' });
    for (const who of [mallory, adasOwn, bob, inSlack('ada', 'Ada')])
      expect(codeOf(() => links.confirm(code, who))).toBe('link-code');
    expect(codeOf(() => links.claim(code, mallory))).toBe('link-same');
    expect(whose('U0MAL')).toBeUndefined();
  });

  it('gives nothing to somebody who saw a person’s code, until that person says that they are it', () => {
    const { code } = links.begin(ada);
    links.claim(code, mallory);
    expect(plainText(told[0]!.message)).toContain('Ada (U0MAL in Slack)');
    for (const who of [mallory, bob]) expect(codeOf(() => links.confirm(code, who))).toBe('link-code');
    expect(codeOf(() => links.claim(code, adasOwn))).toBe('link-code');
    expect(whose('U0MAL')).toBeUndefined();
  });

  it('is made once, within ten minutes, with a code that nobody can guess', () => {
    const first = links.begin(adasOwn);
    links.claim(first.code, ada);
    links.confirm(first.code, ada);
    expect(codeOf(() => links.confirm(first.code, ada))).toBe('link-code');
    expect(codeOf(() => links.claim(first.code, ada))).toBe('link-code');
    const second = links.begin(inSlack('U0TWO', 'two'));
    links.claim(second.code, ada);
    now += TEN_MINUTES;
    expect(codeOf(() => links.confirm(second.code, ada))).toBe('link-code');
    expect(whose('U0TWO')).toBeUndefined();
    expect(new Set(Array.from({ length: 500 }, () => links.begin(ada).code)).size).toBe(500);
    expect(second.code).toMatch(/^[A-Z2-9]{10}$/);
  });

  it('is of no use between two people, two strangers, or before anybody entered the code', () => {
    expect(codeOf(() => links.claim(links.begin(ada).code, bob))).toBe('link-same');
    expect(codeOf(() => links.claim(links.begin(mallory).code, adasOwn))).toBe('link-nobody');
    const { code } = links.begin(ada);
    expect(codeOf(() => links.confirm(code, ada))).toBe('link-unclaimed');
    expect(codeOf(() => links.confirm(code, mallory))).toBe('link-code');
  });
});
