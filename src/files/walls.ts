import { chmodSync } from 'node:fs';
import { BotError } from '../core/errors.ts';
import type { HealthItem } from '../core/services/health.ts';
import { type Fault, type FileHost, type FileKind, type Flaw, flawsOf } from './flaws.ts';

/** What is done about a fault: nothing is read, written or run; it is taken away; it is said. */
type Act = 'refuse' | 'mend' | 'warn';

interface Wall {
  kind: FileKind;
  /** What others could do, where it is refused or said. */
  why: string;
  /** What to do where the fault cannot be mended. */
  otherwise?: string | undefined;
  acts: Partial<Record<Fault, Act>>;
}

/** How others could change what is obeyed: nobody leaves such a thing open on purpose. */
const OPEN = { open: 'refuse', 'open above': 'refuse' } as const;
/** Somebody may have given it to others on purpose, whom they trust. */
const GIVEN = {
  foreign: 'warn',
  'foreign folder': 'warn',
  'foreign above': 'warn',
  group: 'warn',
  'group above': 'warn',
} as const;
/** What lies in the data folder. */
const OURS = {
  why: 'what is kept there is for nobody else',
  otherwise: 'name another folder in XAXBOT_DATA_DIR',
  acts: { foreign: 'refuse', readable: 'mend', kind: 'refuse' },
} as const;
const SETTINGS = {
  kind: 'file',
  why: 'what stands in it decides which programs are run, and where tokens are sent',
  otherwise: 'start xaxbot in a folder of your own',
} as const;
const PROGRAM = {
  kind: 'file',
  why: 'whoever can change it could run what they like as this user',
  otherwise: 'name an xax command that nobody else can change, in XAX_BIN or as bin of the queue',
} as const;
const QUEUE_WHY =
  'whoever can change the queue decides which jobs there are, and which files are read as theirs';

/** What is relied on, and what is done about each fault of it; what is not named is borne. */
const WALLS = {
  'data folder': {
    ...OURS,
    kind: 'folder',
    acts: {
      ...OURS.acts,
      'foreign folder': 'warn',
      'foreign above': 'warn',
      'group above': 'warn',
      'open above': 'refuse',
    },
  },
  'file of ours': { ...OURS, kind: 'file' },
  'folder of ours': { ...OURS, kind: 'folder' },
  'socket of ours': {
    ...OURS,
    kind: 'socket',
    why: 'whoever listens there hears what is asked, and answers',
  },
  /** Found where the program was started. */
  settings: { ...SETTINGS, acts: { ...GIVEN, ...OPEN, foreign: 'refuse', 'foreign folder': 'refuse' } },
  'settings with secrets': {
    ...SETTINGS,
    why: 'tokens stand in it, and it decides which programs are run, and where they are sent',
    acts: { ...GIVEN, ...OPEN, foreign: 'refuse', 'foreign folder': 'refuse', readable: 'warn' },
  },
  /** Named by whoever starts the program. */
  'named settings': { ...SETTINGS, otherwise: undefined, acts: { ...GIVEN, ...OPEN } },
  'named program': { ...PROGRAM, acts: { ...GIVEN, ...OPEN } },
  /** Named by a file that others may write. */
  program: {
    ...PROGRAM,
    acts: {
      ...OPEN,
      foreign: 'refuse',
      'foreign folder': 'refuse',
      'foreign above': 'refuse',
      group: 'refuse',
      'group above': 'refuse',
    },
  },
  queue: {
    kind: 'folder',
    why: QUEUE_WHY,
    acts: { foreign: 'warn', open: 'warn', 'open above': 'warn', group: 'warn', 'group above': 'warn' },
  },
  "queue's file": { kind: 'file', why: QUEUE_WHY, acts: { foreign: 'warn', open: 'warn', group: 'warn' } },
} satisfies Record<string, Wall>;

export type WallName = keyof typeof WALLS;

/** A fault of something that is relied on, as it is told. */
export interface Remark {
  act: Act;
  path: string;
  /** What is wrong and where, without a full stop. */
  what: string;
  why: string;
  cure: string;
  otherwise: string | undefined;
}

/** What is wrong with something that is relied on; nothing is changed. */
export function remarksOn(name: WallName, path: string, host?: FileHost): Remark[] {
  const { kind, why, acts, otherwise }: Wall = WALLS[name];
  return flawsOf(path, kind, host).flatMap((flaw: Flaw) => {
    const act = acts[flaw.fault];
    return act === undefined
      ? []
      : [{ act, path: flaw.path, what: `${flaw.path} ${flaw.words}`, why, cure: flaw.cure, otherwise }];
  });
}

/**
 * Mends what can be, and returns what was mended, or is to be said. Error `not-ours` for what may not be relied on: what,
 * where, why, and the command that mends it.
 */
export function hold(name: WallName, path: string): Remark[] {
  const found = remarksOn(name, path);
  const refused = found.find(({ act }) => act === 'refuse');
  if (refused) throw notOurs(refused);
  return found.filter((remark) => remark.act !== 'mend' || isMended(remark, name));
}

/** Something that is relied on. */
export interface Relied {
  wall: WallName;
  path: string;
}

/** What is wrong now with what is relied on, as rows of the health. */
export function wallsHealth(relied: readonly Relied[]): HealthItem[] {
  const found = relied.flatMap(({ wall, path }) => remarksOn(wall, path));
  const rows = found.map((remark) => ({ name: 'access', ok: false, detail: whyText(remark) }));
  return [...new Map(rows.map((row) => [row.detail, row])).values()];
}

/** The sentence that tells of it. */
export function remarkText(remark: Remark): string {
  return remark.act === 'mend' ? `${remark.what}: closed to them (${remark.cure})` : whyText(remark);
}

function whyText({ what, why, ...remark }: Remark): string {
  return `${what}: ${why}. ${cureText(remark)}`;
}

function notOurs({ what, why, ...remark }: Remark): BotError {
  return new BotError('not-ours', `${what}: ${why}.`, cureText(remark));
}

/** What is to be done about it. */
export function cureText({ cure, otherwise }: Pick<Remark, 'cure' | 'otherwise'>): string {
  return `To mend it: ${cure}${otherwise === undefined ? '' : `, or ${otherwise}`}.`;
}

/** False where it is gone already. Error `not-ours` where it may not be mended. */
function isMended(remark: Remark, name: WallName): boolean {
  try {
    chmodSync(remark.path, WALLS[name].kind === 'folder' ? 0o700 : 0o600);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw notOurs(remark);
  }
}
