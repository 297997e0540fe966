import { afterAll, describe, expect, it, test } from 'vitest';
import { type Person, personOn, rightsOn } from '../../src/core/person.ts';
import { createPeople, type KnownPerson, onHost } from '../../src/identity/people.ts';
import { parseJob } from '../../src/queue/xax/state-schema.ts';
import { openDb } from '../../src/store/db.ts';
import { createIdentities } from '../../src/store/identities.ts';
import { createJobStore } from '../../src/store/jobs.ts';
import { temporaryFolder } from '../helpers.ts';
import { rawJob } from '../queue/xax/helpers.ts';

const KNOWN: KnownPerson[] = [
  {
    id: 'ada',
    name: 'Ada Lovelace',
    role: 'admin',
    identities: { unix: 'alovelace', slack: 'U012AB3CD', discord: '100000000000000001' },
  },
  { id: 'bea', name: 'Bea', role: 'operator', identities: {} },
  // Her id is another's Unix name.
  { id: 'alovelace', name: 'Al', role: 'viewer', identities: { unix: 'al' } },
];

describe('the one name of a person', () => {
  const db = openDb(temporaryFolder());
  afterAll(() => db.close());
  const identities = createIdentities(db, Date.now);
  const people = createPeople(() => ({ people: KNOWN }), identities);
  identities.add({ platform: 'discord', account: '222', name: 'lady ada' }, 'ada');
  people.ofAccount('slack', { id: 'U9', name: 'Cleo', kind: 'member', groups: [] }, 'operator');
  people.ofAccount('slack', { id: 'U8', name: 'Guest', kind: 'guest', groups: [] }, 'operator');

  test.each<[string, { person: string | null; unix: string | null }, string | null, string | null]>([
    ['who launched it from chat', { person: 'ada', unix: 'bea' }, 'Ada Lovelace', 'ada'],
    ['whose run folder it is', { person: null, unix: 'alovelace' }, 'Ada Lovelace', 'ada'],
    ['whose id is their Unix name', { person: null, unix: 'bea' }, 'Bea', 'bea'],
    ['whose id is the Unix name of another', { person: 'alovelace', unix: null }, 'Al', 'alovelace'],
    [
      'who launched it by an account of the settings',
      { person: 'slack:U012AB3CD', unix: null },
      'Ada Lovelace',
      'ada',
    ],
    ['who linked the account since', { person: 'discord:222', unix: null }, 'Ada Lovelace', 'ada'],
    ['a member who is nobody of the settings', { person: 'slack:U9', unix: null }, 'Cleo', 'slack:U9'],
    ['an account that was never seen', { person: 'slack:U7', unix: null }, 'slack:U7', 'slack:U7'],
    ['a Unix user who is nobody of the settings', { person: null, unix: 'dana' }, 'dana', null],
    ['nobody', { person: null, unix: null }, null, null],
  ])('is that of %s', (_who, raw, owner, ownerPerson) => {
    expect(people.ownerOf(raw)).toEqual({ owner, ownerPerson });
  });

  it('is found by any way to write them', () => {
    for (const text of ['ada', 'ADA', 'Ada Lovelace', 'slack:U012AB3CD', 'discord:222'])
      expect(people.nameOf(text), text).toBe('Ada Lovelace');
    expect(people.nameOf('al')).toBe('Al');
    expect(people.nameOf('dana')).toBe('dana');
    expect(people.nameOf('')).toBe('');
  });

  it('finds all their jobs, however those were put down, and nobody else’s', () => {
    const jobs = createJobStore(db, people.ownerOf);
    const add = (index: number, unix: string, person?: string): string => {
      const [id, raw] = rawJob(index);
      const job = parseJob('host', id, raw);
      jobs.put(job);
      jobs.setOwner(job, unix);
      if (person !== undefined) jobs.setOwnerPerson(job, person);
      return id;
    };
    const theirs = [
      add(1, 'alovelace'),
      add(2, 'bot', 'ada'),
      add(3, 'bot', 'discord:222'),
      add(4, 'bot', 'slack:U012AB3CD'),
    ];
    add(5, 'alovelace', 'bea');
    add(6, 'bot', 'alovelace');
    const cleos = add(7, 'bot', 'slack:U9');
    const found = (text: string) =>
      jobs
        .list('host', { limit: 10, owners: people.spellingsOf(text) })
        .map(({ jobId }) => jobId)
        .sort();
    expect(found('Ada Lovelace')).toEqual(theirs);
    expect(found('ada')).toEqual(theirs);
    expect(found('Cleo')).toEqual([cleos]);
    expect(found('slack:U9')).toEqual([cleos]);
    expect(found('nobody')).toEqual([]);
  });

  it('of whoever is on the host is that of their Unix name, else of the first admin', () => {
    expect(onHost(KNOWN, 'al').name).toBe('Al');
    expect(onHost(KNOWN, 'xaxbot').name).toBe('Ada Lovelace');
    expect(onHost(KNOWN, undefined).name).toBe('Ada Lovelace');
  });
});

describe('what somebody may do of whom their platform says nothing just now', () => {
  const db = openDb(temporaryFolder());
  afterAll(() => db.close());
  const identities = createIdentities(db, Date.now);
  const people = createPeople(() => ({ people: KNOWN }), identities);
  identities.add({ platform: 'slack', account: 'U2', name: 'lady ada' }, 'ada');
  const as = (id: string, kind: 'guest' | 'unknown' | 'member') =>
    people.ofAccount('slack', { id, name: 'x', kind, groups: [] }, 'operator');

  it('is what was given to that very account, as to a guest, and nothing that it got by a link or as a member', () => {
    expect(as('U012AB3CD', 'unknown')).toMatchObject({ id: 'ada', role: 'admin' });
    expect(as('U012AB3CD', 'guest')).toMatchObject({ id: 'ada', role: 'admin' });
    expect(as('U2', 'member')).toMatchObject({ id: 'ada', role: 'admin' });
    for (const account of ['U2', 'U9'])
      for (const kind of ['guest', 'unknown'] as const)
        expect(as(account, kind)).toMatchObject({ role: null, barred: kind });
  });
});

describe('what an account may do on queues where that is something else', () => {
  const db = openDb(temporaryFolder());
  afterAll(() => db.close());
  const known: KnownPerson[] = [
    { id: 'ada', name: 'Ada', role: 'operator', roles: { box: 'viewer' }, identities: { slack: 'U1' } },
    { id: 'bot', name: 'Bot', role: 'agent', roles: { box: 'viewer' }, identities: { slack: 'U2' } },
  ];
  const groups = [
    {
      id: 'lab',
      role: 'viewer' as const,
      roles: { box: 'operator', big: 'admin' } as const,
      identities: { slack: 'S1' },
    },
  ];
  const people = createPeople(() => ({ people: known, groups }), createIdentities(db, Date.now));
  const on = (
    id: string,
    ids: string[],
    members: Parameters<typeof people.ofAccount>[2] = 'viewer',
    kind: 'member' | 'guest' = 'member',
  ) => {
    const person = people.ofAccount('slack', { id, name: id, kind, groups: ids }, members, { box: 'own' });
    return ['box', 'big', 'other'].map((queue) => {
      const { role, mayRunOwn } = rightsOn(person, queue);
      return mayRunOwn ? `${role}, own` : role;
    });
  };

  it('is the highest of their own there and those of their groups; of nobody of people, of what members may', () => {
    expect(on('U1', [])).toEqual(['viewer', 'operator', 'operator']);
    expect(on('U1', ['S1'])).toEqual(['operator', 'admin', 'operator']);
    expect(on('U9', [])).toEqual(['viewer, own', 'viewer', 'viewer']);
    expect(on('U9', ['S1'])).toEqual(['operator', 'admin', 'viewer']);
    expect(on('U2', ['S1'])).toEqual(['viewer', 'agent', 'agent']);
  });

  it('is nothing of guests that nobody named', () => {
    expect(on('U8', ['S1'], 'operator', 'guest')).toEqual([null, null, null]);
  });
});

describe('somebody with what they may do on several queues', () => {
  const eve: Person = {
    id: 'eve',
    name: 'Eve',
    role: 'viewer',
    on: { a: { role: 'operator' }, constructor: { role: 'admin' as const } },
  };

  it('may do what they may on each of them, and keeps what they may elsewhere', () => {
    expect(personOn(eve, ['a', 'constructor'])).toMatchObject({ role: 'operator' });
    expect(personOn(eve, ['a', 'b'])).toMatchObject({ role: 'viewer' });
    expect(rightsOn(personOn(eve, ['a']), 'b')).toEqual({ role: 'viewer' });
    expect(rightsOn(eve, 'toString')).toEqual({ role: 'viewer' });
  });
});
