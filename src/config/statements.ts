import { isSecretName } from '../core/secret-names.ts';
import { isoSeconds } from '../core/time.ts';
import type { QueueEntry } from './queues.ts';
import type { TeamFile } from './team-file.ts';

/** One thing that the settings say. */
export interface Statement {
  /** Whose it is where it stands in a list or below a name: `people.ada`; the key itself where it is nobody's. */
  of: string;
  /** Below that; empty for what is nobody's. */
  key: string;
  value: string;
  /** A running bot takes it in. */
  isLive: boolean;
  isSecret: boolean;
}

/** What takes a restart in xaxbot.yaml; besides these, the sections of adapters. */
const FIXED = 'queues';
/** What has a name of its own below these keys. */
const NAMED = ['presets', 'people', 'groups'];

/** Everything that the settings say: of xaxbot.yaml each value by its path, and each variable by its name. */
export function statementsOf(
  { sections, queues: _, ...team }: TeamFile,
  queues: readonly QueueEntry[],
  variables: Readonly<Record<string, string>>,
): Statement[] {
  return [
    ...leaves({ ...team, ...sections, [FIXED]: queues.map(ofQueue) }, []).map((leaf) =>
      statement(leaf, Object.keys(sections)),
    ),
    ...Object.entries(variables).map(([name, value]) => ({
      ...{ of: name, key: '', value },
      isLive: false,
      isSecret: isSecretName(name),
    })),
  ];
}

interface Leaf {
  path: string[];
  value: string;
}

function statement({ path, value }: Leaf, sections: readonly string[]): Statement {
  const [top = '', second, ...rest] = path;
  const isNamed = second !== undefined && (NAMED.includes(top) || top === 'channels' || top === FIXED);
  const isRule = top === 'watch' && path.length > 3;
  const length = isRule ? 3 : isNamed ? 2 : path.length;
  return {
    of: path.slice(0, length).join('.'),
    key: path.slice(length).join('.'),
    value,
    isLive: top !== FIXED && !sections.includes(top),
    isSecret: rest.some(isSecretName),
  };
}

function leaves(value: unknown, path: string[]): Leaf[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) {
    if (value.length === 0) return [];
    if (value.every((each) => typeof each !== 'object')) return [{ path, value: value.join(', ') }];
    return value.flatMap((each, index) => {
      const { name, rest } = named(each as Record<string, unknown>);
      return leaves(rest, [...path, name ?? String(index + 1)]);
    });
  }
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([key, each]) =>
      // The accounts of somebody stand beside their name in the file.
      leaves(each, key === 'identities' ? path : [...path, key]),
    );
  const isTime = path.at(-1) === 'until' && typeof value === 'number';
  return [{ path, value: isTime ? isoSeconds(value) : String(value) }];
}

/** What an entry of a list goes by, and what else it says. */
function named(entry: Record<string, unknown>): { name: string | undefined; rest: object } {
  const { name, ...rest } = entry;
  if (typeof name === 'string') return { name, rest };
  const { platform, id, ...others } = entry;
  return typeof id === 'string'
    ? { name: `${String(platform)} ${id}`, rest: others }
    : { name: undefined, rest: entry };
}

function ofQueue({ name, kind, written }: QueueEntry): object {
  return { ...written, name, kind: kind.name };
}
