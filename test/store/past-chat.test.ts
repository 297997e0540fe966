import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatStore } from '../../src/core/chat-store.ts';
import type { Message } from '../../src/core/message.ts';
import { createChatStore } from '../../src/store/chat.ts';
import { type Db, openDb } from '../../src/store/db.ts';
import { createPruning } from '../../src/store/prune.ts';
import { pruneFiles } from '../../src/store/prune-files.ts';
import { createWordsStore, REMOVED } from '../../src/store/words.ts';
import { temporaryFolder } from '../helpers.ts';

const DAY = 24 * 3_600_000;
const THREADS = 175;
const FILE = `${'a'.repeat(32)}.png`;
const ADA = { id: 'ada', name: 'Ada' };
const textOf = (text: string): Message => ({ blocks: [{ kind: 'text', text }] });

describe('threads of the web chat in which nothing happens for a week', () => {
  let folder: string;
  let db: Db;
  let chat: ChatStore;
  let now = 0;
  const roots: number[] = [];

  const say = (
    key: string,
    channel: string,
    thread: number | null,
    message: Message,
    author = null as typeof ADA | null,
  ) => chat.post({ key, channel, thread, author, message }).posted;
  const rowsLeft = () => db.prepare<[], number>('SELECT count(*) FROM web_messages').pluck().get()!;
  const texts = () => db.prepare<[], number>('SELECT count(*) FROM web_past').pluck().get()!;
  const everything = () =>
    ['queue', 'other'].map((channel) => ({
      pages: [null, roots[120]!, roots[60]!, roots[3]!].map((before) => chat.page(channel, before, 40)),
      threads: roots.map((root) => chat.thread(root)),
      messages: Array.from({ length: chat.newestId() }, (_, index) => chat.byId(index + 1)),
    }));
  const tick = () => createPruning(db, () => now).tick();

  beforeEach(() => {
    folder = temporaryFolder();
    db = openDb(folder);
    now = 1_000 * DAY;
    chat = createChatStore(db, () => now);
    roots.length = 0;
    for (let index = 0; index < THREADS; index += 1) {
      const channel = index % 3 === 0 ? 'other' : 'queue';
      const { id } = say(`card:${index}`, channel, null, textOf(`job ${index} "began"\n`));
      roots.push(id);
      if (index > 0)
        say(`late:${index}`, index % 3 === 1 ? 'other' : 'queue', roots[index - 1]!, textOf('and more'));
      say(
        `said:${index}`,
        channel,
        id,
        index === 7
          ? { blocks: [{ kind: 'image', image: { file: FILE }, alt: 'x', width: 1, height: 1 }] }
          : textOf(`ended ${index}`),
      );
      if (index % 10 === 0) say(`ada:${index}`, channel, id, textOf(`my words, ${index}`), ADA);
    }
    chat.update(roots[5]!, textOf('edited'));
  });
  afterEach(() => db.close());

  it('stand together, are read as before, by pages, threads and one by one, and over a restart', () => {
    const before = everything();
    const count = rowsLeft();
    now += 6 * DAY;
    tick();
    expect([rowsLeft(), texts()]).toEqual([count, 0]);
    now += 2 * DAY;
    for (let turn = 0; turn < 5; turn += 1) tick();
    expect(texts()).toBe(3);
    expect(rowsLeft()).toBeLessThan(count / 3);
    expect(everything()).toEqual(before);
    db.close();
    db = openDb(folder);
    chat = createChatStore(db, () => now);
    expect(everything()).toEqual(before);
    expect(say('new', 'queue', null, textOf('new')).id).toBe(count + 1);
  });

  it('are as they were once something of them changes, and go on from there', () => {
    const [, second] = roots;
    const seq = chat.latestSeq();
    now += 8 * DAY;
    for (let turn = 0; turn < 5; turn += 1) tick();
    const thread = chat.thread(second!);
    const reply = say('reply', 'queue', second!, textOf('later'), ADA);
    expect(chat.thread(second!)).toEqual([...thread, reply]);
    expect(chat.byId(second!)).toMatchObject({ replies: thread.length + 1, lastReplyAt: now });
    expect(chat.since(seq, 10)?.map(({ id }) => id)).toEqual([reply.id, second]);
    expect(chat.update(roots[9]!, textOf('another'))).toMatchObject({
      id: roots[9],
      message: textOf('another'),
      editedAt: now,
    });
    expect(chat.thread(roots[9]!).map(({ thread: of }) => of)).toEqual(
      chat.thread(roots[9]!).map(() => roots[9]),
    );
    expect(chat.update(10_000, textOf('none'))).toBeUndefined();
    const ids = chat.page('queue', null, 1_000).map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    expect(ids).toContain(second);
    now += 8 * DAY;
    for (let turn = 0; turn < 5; turn += 1) tick();
    expect(chat.thread(second!)).toEqual([...thread, reply]);
  });

  it('stay while it is not known whether something was said, and the last message and the last change always', () => {
    db.exec(
      `INSERT INTO deliveries (kind, key, adapter, channel, state, created_at) VALUES ('post', 'said:3', 'web', 'queue', 'sending', 1)`,
    );
    now += 8 * DAY;
    for (let turn = 0; turn < 5; turn += 1) tick();
    expect(texts()).toBe(0);
    db.exec(`UPDATE deliveries SET state = 'done'`);
    const [seq, newest] = [chat.latestSeq(), chat.newestId()];
    for (let turn = 0; turn < 5; turn += 1) tick();
    expect(texts()).toBe(3);
    expect([chat.latestSeq(), chat.newestId()]).toEqual([seq, newest]);
  });

  it('are no reason for a page that has slept for long to be told half of what it missed', () => {
    expect(chat.since(3, 1_000)).toHaveLength(
      chat.since(0, 1_000)!.length - chat.since(0, 1_000)!.filter(({ seq }) => seq <= 3).length,
    );
    now += 8 * DAY;
    for (let turn = 0; turn < 5; turn += 1) tick();
    expect(chat.since(3, 1_000)).toBeUndefined();
    expect(chat.since(chat.latestSeq(), 1_000)).toEqual([]);
  });

  it('hold their files, and give up what somebody wrote, and what was quoted of it', () => {
    now += 8 * DAY;
    for (let turn = 0; turn < 5; turn += 1) tick();
    mkdirSync(join(folder, 'files'));
    for (const name of [FILE, `${'b'.repeat(32)}.png`]) {
      writeFileSync(join(folder, 'files', name), 'x');
      utimesSync(join(folder, 'files', name), 1, 1);
    }
    expect(pruneFiles(db, join(folder, 'files'), Date.now())).toBe(1);
    expect(readdirSync(join(folder, 'files'))).toEqual([FILE]);

    const words = createWordsStore(db);
    const ada = { persons: ['ada'], names: ['Ada'] };
    const written = roots.filter((_, index) => index % 10 === 0).length;
    expect(words.elsewhere(ada).filter(({ text }) => text.includes('my words'))).toHaveLength(written);
    words.removeElsewhere(ada);
    expect(words.elsewhere(ada)).toEqual([]);
    words.unquote(['job 1 "began"\n']);
    const all = JSON.stringify(everything());
    expect(all).not.toContain('my words');
    expect(chat.byId(roots[1]!)?.message).toEqual(textOf(REMOVED));
    expect(chat.byId(roots[2]!)?.message).toEqual(textOf('job 2 "began"\n'));
  });
});
