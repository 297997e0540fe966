import { type Completion, SUGGESTIONS_MAX } from '../core/adapter.ts';
import type { CommandDeclaration } from '../core/command-declaration.ts';
import { commandAtStart, commandNamed } from '../core/command-names.ts';
import { counted } from '../core/counted.ts';
import { isFollowed } from '../core/followed.ts';
import { type Job, jobName, taskName } from '../core/job.ts';
import type { Series } from '../core/metrics.ts';
import { isOffered } from '../core/offered.ts';
import type { OptionSpec } from '../core/options.ts';
import type { ProposalState } from '../core/proposal-state.ts';
import type { Services } from '../core/services/context.ts';
import { launchName, meantKeyText, type WaitingLaunch } from '../core/waiting-launch.ts';
import { withoutEnd } from '../core/without-end.ts';
import { LINE_MAX } from './parse.ts';
import { queueNameOf, whereOffered } from './queues-meant.ts';
import { splitWords } from './words.ts';

/** How many completions are offered at once. */
const OFFERED = 12;
/** Among how many values those are looked for that are offered for an option. */
const SEARCHED = 500;

export interface CompletionContext {
  commands: readonly CommandDeclaration[];
  services: Pick<Services, 'approvals' | 'jobs' | 'launches' | 'rows' | 'queues' | 'session'>;
  threadJob: Job | undefined;
  /** Whether whoever types is offered a command; `queue`: on that one. */
  offers(command: CommandDeclaration, queue?: string): boolean;
}

/** Completions for the last word of a half-typed line, best first. */
export async function complete(line: string, context: CompletionContext): Promise<Completion[]> {
  if (line.length > LINE_MAX) return [];
  const words = splitWords(line).map(({ text }) => text);
  const startsNewWord = line === '' || /\s$/.test(line);
  const last = startsNewWord ? '' : (words.pop() ?? '');
  const named = commandAtStart(words, context.commands);
  const candidates =
    words.length === 0
      ? commandsFor(context)
      : named
        ? optionsFor(named.command, words.slice(named.taken), last, context)
        : [];
  const lower = last.toLowerCase();
  const matching = candidates.filter(
    ({ insert, label }) => insert.toLowerCase().startsWith(lower) || label.toLowerCase().includes(lower),
  );
  return matching.filter(({ insert }) => insert !== last).slice(0, OFFERED);
}

/** Values for one option of a command that hold what was typed so far; `given` are the other options. */
export function suggest(
  asked: { command: string; option: string; typed: string; given: Record<string, string> },
  context: CompletionContext,
): Completion[] {
  const found = commandNamed(asked.command, context.commands);
  const command = found && offeredTo(found, context);
  const spec = command?.options[asked.option];
  if (!command || !spec) return [];
  const typed = asked.typed.toLowerCase();
  if (spec.type === 'assignments') return suggestAssignments(asked, context);
  return valuesOf(spec, context, SEARCHED, command)
    .filter(({ insert, description }) => `${insert} ${description}`.toLowerCase().includes(typed))
    .slice(0, SUGGESTIONS_MAX);
}

/** A job's metrics whose names hold what was typed so far. */
export function suggestTags(series: readonly Series[], typed: string): Completion[] {
  return series
    .filter(({ tag }) => tag.toLowerCase().includes(typed.toLowerCase()))
    .slice(0, SUGGESTIONS_MAX)
    .map(({ tag, length }) => ({ insert: tag, label: tag, description: counted(length, 'point') }));
}

/** The next `key=value` behind those that are typed already. */
function suggestAssignments(
  { typed, given }: { typed: string; given: Record<string, string> },
  context: CompletionContext,
): Completion[] {
  const cut = withoutEnd(typed, /\S/).length;
  const [done, last] = [typed.slice(0, cut), typed.slice(cut).toLowerCase()];
  const words = [...Object.values(given), ...done.split(/\s+/)];
  const equals = last.indexOf('=');
  const key = last.slice(0, Math.max(0, equals));
  const candidates =
    equals > 0
      ? presetValues(key, words, context).map((each) => ({ ...each, insert: `${key}=${each.insert}` }))
      : presetOptions(words, context);
  return candidates
    .filter(({ insert }) => insert.toLowerCase().startsWith(last))
    .map((each) => ({ ...each, insert: `${done}${each.insert}`, label: `${done}${each.insert}` }))
    .slice(0, SUGGESTIONS_MAX);
}

function commandsFor({ commands, offers, services, threadJob }: CompletionContext): Completion[] {
  return commands
    .filter((command) => offers(command) && isOffered(command, services.queues, threadJob))
    .map(({ name, summary }) => ({ insert: name, label: name, description: summary }));
}

/** A command as whoever types may give it. */
function offeredTo(command: CommandDeclaration, { offers }: CompletionContext): CommandDeclaration {
  return whereOffered(command, (queue) => offers(command, queue));
}

function optionsFor(
  found: CommandDeclaration,
  given: string[],
  last: string,
  context: CompletionContext,
): Completion[] {
  const command = offeredTo(found, context);
  const entries = Object.entries(command.options);
  const cut = last.indexOf('=');
  const key = cut > 0 ? last.slice(0, cut) : undefined;
  if (key !== undefined) {
    const spec = command.options[key];
    const prefixed = spec ? valuesOf(spec, context, OFFERED, command) : presetValues(key, given, context);
    return prefixed.map((each) => ({ ...each, insert: `${key}=${each.insert}` }));
  }
  const values = entries
    .filter(([option]) => !given.some((word) => word.startsWith(`${option}=`)))
    .flatMap(([, spec]) => valuesOf(spec, context, OFFERED, command));
  const unused = values.filter(({ insert }) => !given.includes(insert));
  const presetGiven =
    entries.some(([, spec]) => spec.type === 'preset') &&
    context.services.launches.presets().some((preset) => given.includes(preset.name));
  const names = entries
    .filter(
      ([option, spec]) =>
        spec.type !== 'assignments' &&
        spec.type !== 'job' &&
        spec.type !== 'jobs' &&
        !given.some((word) => word.startsWith(`${option}=`)),
    )
    .map(([option, spec]) =>
      spec.type === 'boolean'
        ? { insert: option, label: option, description: spec.description }
        : { insert: `${option}=`, label: `${option}=`, description: spec.description },
    );
  return presetGiven ? [...presetOptions(given, context), ...names] : [...unused, ...names];
}

function valuesOf(
  spec: OptionSpec,
  { services, threadJob, offers }: CompletionContext,
  limit: number,
  command: CommandDeclaration,
): Completion[] {
  switch (spec.type) {
    case 'choice':
      return spec.choices.map((choice) => ({ insert: choice, label: choice, description: spec.description }));
    case 'boolean':
      return [{ insert: 'true', label: 'true', description: spec.description }];
    case 'preset':
      return services.launches
        .presets()
        .map(({ name, description }) => ({ insert: name, label: name, description }));
    case 'integer':
      return spec.proposals ? proposalsIn(spec.proposals, services, limit) : [];
    case 'experiment':
      return services.rows
        .newest(spec.status === undefined ? limit : SEARCHED)
        .filter(({ status }) => spec.status === undefined || status === spec.status)
        .slice(0, limit)
        .map((row) => ({
          insert: row.experiment_id,
          label: row.experiment_id,
          description: row.hypothesis || row.status,
        }));
    case 'jobs':
    case 'job': {
      const { states, ofQueue } = spec;
      const canBe = (job: Job | undefined) =>
        job !== undefined &&
        (states === undefined || states.includes(job.status)) &&
        !(ofQueue && isFollowed(job)) &&
        (spec.type === 'job' && spec.other ? true : offers(command, queueNameOf(services.queues, job)));
      const [newest] = services.jobs.list({ limit: 1 });
      const here = canBe(threadJob)
        ? [{ ...jobCompletion(threadJob!), description: "this thread's job" }]
        : [];
      const running = { insert: 'running', label: 'running', description: 'the running job' };
      const last = { insert: 'last', label: 'last', description: 'the newest job' };
      const launches =
        spec.type === 'job' && spec.orLaunch
          ? services.launches.waiting
              .list(limit)
              .shown.map((launch) => launchCompletion(launch, services.session.info().name))
          : [];
      return [
        ...here,
        ...(states === undefined || states.includes('running') ? [running] : []),
        ...(states === undefined || canBe(newest) ? [last] : []),
        ...services.jobs
          .list({ limit: states === undefined ? limit : SEARCHED })
          .filter((job) => canBe(job) && isOffered(command, services.queues, job))
          .slice(0, limit)
          .map(jobCompletion),
        ...launches,
      ].filter((each, index, all) => all.findIndex(({ insert }) => insert === each.insert) === index);
    }
    default:
      return [];
  }
}

function proposalsIn(
  states: readonly ProposalState[],
  { approvals, queues }: CompletionContext['services'],
  limit: number,
): Completion[] {
  return approvals
    .list(SEARCHED)
    .filter(({ state }) => states.includes(state))
    .slice(0, limit)
    .map(({ id, agent, command, job, state }) => {
      const what = job ? `${command} ${queues.nameOf(job)}` : command;
      return { insert: String(id), label: String(id), description: `${agent.name}: ${what}, ${state}` };
    });
}

function jobCompletion(job: Job): Completion {
  const name = jobName(job);
  return { insert: name, label: name, description: `${taskName(job.taskKey)}, ${job.status}` };
}

/** One of another session is named with that, as both may have one of the same name. */
function launchCompletion(launch: WaitingLaunch, here: string): Completion {
  const { kind, preset, by, after, session } = launch;
  const name = session === here ? launchName(launch) : meantKeyText(launch);
  const starts = kind === 'after' ? `starts when ${after} has completed` : `repeats ${after}`;
  return { insert: name, label: name, description: `${preset} by ${by}, ${starts}` };
}

function presetOptions(given: string[], { services }: CompletionContext): Completion[] {
  const preset = services.launches.presets().find(({ name }) => given.includes(name));
  return Object.entries(preset?.options ?? {})
    .filter(([key]) => !given.some((word) => word.startsWith(`${key}=`)))
    .map(([key, option]) => ({ insert: `${key}=`, label: `${key}=`, description: describe(option) }));
}

function presetValues(key: string, given: string[], { services }: CompletionContext): Completion[] {
  const option = services.launches.presets().find(({ name }) => given.includes(name))?.options[key];
  const values =
    option?.choices ??
    (option?.type === 'boolean' ? ['true', 'false'] : option?.default ? [option.default] : []);
  return values.map((value) => ({ insert: value, label: value, description: option!.description }));
}

function describe({
  description,
  min,
  max,
  default: fallback,
}: {
  description: string;
  min?: number;
  max?: number;
  default?: string;
}): string {
  const range = min !== undefined || max !== undefined ? ` (${min ?? '…'} to ${max ?? '…'})` : '';
  return `${description}${range}${fallback === undefined ? '' : `, default ${fallback}`}`;
}
