import type { CommandDeclaration } from './command-declaration.ts';
import type { JobKey } from './job.ts';
import type { OptionSpec, OptionSpecs } from './options.ts';
import type { Preset } from './preset.ts';
import { QUEUE_CAPABILITIES, type Queue, type QueueCapability } from './queue.ts';
import type { Queues } from './queues.ts';

/** What decides which commands make sense: what the queues are called, and what each can do. */
export interface AbleQueue {
  name: string;
  capabilities: readonly QueueCapability[];
}

/** What of the settings decides what agents are offered. Plain JSON. */
export interface AgentSettings {
  presets: readonly Preset[];
  queues: readonly AbleQueue[];
  /** Of the commands that agents may not use, those that they may propose. */
  mayPropose: readonly string[];
  /** The ids and names of who may ask as an agent. */
  agents: readonly { id: string; name: string }[];
}

/** What a queue is called and can do. */
export function ableAs(queue: Queue): AbleQueue {
  const capabilities = QUEUE_CAPABILITIES.filter((capability) => queue[capability] !== undefined);
  return { name: queue.name, capabilities };
}

/**
 * A command with its options as they are with these queues: one that names a queue takes the names of those that can do
 * what the command needs, and is left out where there is one queue.
 */
export function withQueues<C extends CommandDeclaration>(command: C, queues: readonly AbleQueue[]): C {
  const able = queues.filter(({ capabilities }) => !command.needs || capabilities.includes(command.needs));
  const choices = able.map(({ name }) => name);
  return withOptions(command, (spec) => {
    if (spec.type !== 'choice' || !spec.ofQueues) return spec;
    return queues.length > 1 && choices.length > 0 ? { ...spec, choices } : undefined;
  });
}

/** A command for whoever has no channel: without the options that mean one. */
export function withoutChannel<C extends CommandDeclaration>(command: C): C {
  return withOptions(command, (spec) => (spec.ofChannel ? undefined : spec));
}

/** A command whose options are what `as` makes of each; undefined: it is left out. */
function withOptions<C extends CommandDeclaration>(
  command: C,
  as: (spec: OptionSpec) => OptionSpec | undefined,
): C {
  const options = Object.entries(command.options).flatMap(([name, spec]): [string, OptionSpec][] => {
    const made = as(spec);
    return made ? [[name, made]] : [];
  });
  return { ...command, options: Object.fromEntries(options) as OptionSpecs };
}

/** Whether any queue, or that of the job in question, can do what a command needs. */
export function isOffered(
  { needs }: Pick<CommandDeclaration, 'needs'>,
  queues: Pick<Queues, 'find' | 'with'>,
  job?: Pick<JobKey, 'queue'>,
): boolean {
  if (needs === undefined) return true;
  if (job) return queues.find(job)?.[needs] !== undefined;
  return queues.with(needs).length > 0;
}
