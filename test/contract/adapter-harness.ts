import { createAnswers } from '../../src/chat/answers.ts';
import { createPresses, type Presses } from '../../src/chat/presses.ts';
import type { Adapter, AdapterHandlers, Invocation, Reply } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { defineCommand } from '../../src/core/command.ts';
import { formOf } from '../../src/core/form.ts';
import type { FileRef, Message } from '../../src/core/message.ts';
import type { Person } from '../../src/core/person.ts';
import type { Edit } from '../../src/core/press.ts';
import type { MessageRef } from '../../src/core/request.ts';
import { createActions } from '../../src/store/actions.ts';
import { createChatStore } from '../../src/store/chat.ts';
import { type Db, openDb } from '../../src/store/db.ts';
import { createFileStore } from '../../src/store/files.ts';
import { createKeptValues } from '../../src/store/kept-values.ts';
import { createPressStore } from '../../src/store/presses.ts';
import { createUploads } from '../../src/store/uploads.ts';
import { createWebLogins } from '../../src/store/web-logins.ts';
import { testHandlers } from '../handlers.ts';
import { temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

/** A message as somebody in the chat sees it. */
export interface Shown {
  id: string;
  /** All its words, in the order they are read. */
  text: string;
  buttons: string[];
  images: number;
  files: { name: string; text: string }[];
  /** Whom it told, what could be clicked in its words, what was drawn otherwise than written. */
  acted: { notified: string[]; links: string[]; formatting: string[] };
}

/** A form that is open before somebody. */
export interface OpenForm {
  fields: string[];
  fill(values: Record<string, string>): Promise<void>;
}

/** A platform with an adapter on it: what people do there, and what they see. */
export interface AdapterWorld {
  /** A channel of the settings. */
  channel: string;
  /** An id in the platform's form that no message has. */
  unknownId: string;
  adapter: Adapter;
  timeline(): Promise<Shown[]>;
  thread(ref: MessageRef): Promise<Shown[]>;
  /** What only Ada sees, the last last. */
  privately(): Promise<Shown[]>;
  /** Ada types a command in the channel. */
  command(words: string): Promise<void>;
  press(where: 'timeline' | 'private', label: string): Promise<void>;
  /** Ada presses a button that opens a form. */
  openForm(label: string): Promise<OpenForm>;
  /** For a moment the platform takes no answers; or whoever asks next hangs up at once. */
  failAnswers(): void;
  /** The next post is done, and its answer lost. */
  loseNextAnswer(): void;
  /** The adapter is closed, and opened anew on the same database. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What an adapter does not do because its platform cannot, and why; docs/platforms.md tells people the same. */
export type Missing = Partial<Record<string, string>>;

/** How an adapter is tried: a platform to put it on, and what that platform cannot do. */
export interface AdapterHarness {
  missing: Missing;
  open(home: House): Promise<AdapterWorld>;
}

export const ADA: Person = { id: 'ada', name: 'Ada', role: 'operator' };

/** The house behind an adapter, as far as an adapter sees it: a real database, and commands that say what they were given. */
export interface House {
  folder: string;
  db: Db;
  handlers: AdapterHandlers;
  /** What people asked for. */
  asked: Invocation[];
  /** How the next invocations are answered. */
  answers: ((invocation: Invocation, reply: (reply: Reply) => Promise<void>) => Promise<void>)[];
  /** How to edit each answer that was given, where the adapter can. */
  edits: Edit[];
  /** The process ends: what was not answered so far is late. */
  handOver(): Promise<void>;
  /** What was pressed before, in the database. */
  presses: Presses;
  /** Last answers that the adapter could not give. */
  late: Reply[];
  save(bytes: Uint8Array, extension: string): Promise<FileRef>;
  ports(platform: string, account: string, channel: string): AdapterPorts;
}

/** A command with an option of each kind that a form shows. */
export const TELL = defineCommand({
  name: 'tell',
  summary: 'Says what it was given',
  examples: [],
  options: {
    text: { type: 'text', required: true, rest: true, multiline: true, description: 'what to say' },
    mood: { type: 'choice', choices: ['calm', 'glad'], description: 'how' },
  },
  role: null,
  visibility: 'public',
  changes: false,
  run: async () => ({}),
  view: () => ({ blocks: [] }),
});

export function createHouse(): House {
  const folder = temporaryFolder();
  const db = openDb(folder);
  const files = createFileStore(folder);
  const asked: Invocation[] = [];
  const answers: House['answers'] = [];
  const late: Reply[] = [];
  const edits: Edit[] = [];
  const { answersTo, handOver } = createAnswers({
    late: (_asked, reply) => late.push(reply) > 0,
    log: quietLog,
  });
  const handlers = testHandlers({
    commands: [TELL],
    async invoke(invocation, reply) {
      asked.push(invocation);
      const give = async (answer: Reply) => {
        const edit = await reply(answer);
        if (edit) edits.push(edit);
      };
      await answers.shift()?.(invocation, answersTo(invocation, give));
    },
    form: async (_invocation, _command, values) => formOf(TELL, values),
  });
  return {
    folder,
    db,
    handlers,
    asked,
    answers,
    handOver,
    edits,
    presses: createPresses({
      store: createPressStore(db, Date.now),
      commands: [TELL],
      nameOf: ({ jobId }) => jobId,
      now: Date.now,
      log: quietLog,
    }),
    late,
    save: files.save,
    ports: (platform, account, channel) => ({
      channels: () => [{ id: channel, title: 'Queue', description: '', capturesThreads: false }],
      actions: createActions(db, Date.now),
      uploads: createUploads(db, platform),
      kept: createKeptValues(db, platform),
      decidesBy: { groups: [], closedChannels: false },
      nameOf: (id) => (id === account ? ADA.name : undefined),
      authorOf: ({ id, name }) => (id === account ? ADA : { id: `${platform}:${id}`, name }),
      person: ({ id, name }) => (id === account ? ADA : { id: `${platform}:${id}`, name, role: null }),
      accountOf: (person) => (person === ADA.id ? account : undefined),
      chat: createChatStore(db, Date.now),
      webLogins: createWebLogins(db, Date.now),
      health: () => [],
      personById: (id) => (id === ADA.id ? ADA : undefined),
      hostPerson: () => ADA,
      agentSettings: () => ({ presets: [], queues: [], mayPropose: [], agents: [] }),
      agent: () => ADA,
      entryLink: () => undefined,
      dataDir: folder,
      about: () => ({ hostLabel: 'test', simulated: true }),
      proxied: false,
      fileAt: async (file) => files.pathOf(file),
      timezone: () => 'UTC',
      clock: Date.now,
      log: quietLog,
      onDown: () => {},
      onBack: () => {},
      onLost: () => {},
    }),
  };
}

export function answer(message: Message, visibility: Reply['visibility'], final = true): Reply {
  return { message, visibility, ok: true, final };
}

/** The smallest PNG, with a number in it so that two differ. */
export function png(number: number): Uint8Array {
  const bytes = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  return Buffer.concat([bytes, Buffer.from([number])]);
}

/** What the suite gives to its behaviours. */
export interface Suite {
  behaves(behaviour: string, test: () => Promise<void>): void;
  post(message: Message, key: string): Promise<MessageRef>;
  only(): Promise<Shown>;
  house(): House;
  world(): AdapterWorld;
}
