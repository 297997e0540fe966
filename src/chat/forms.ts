import type { AdapterHandlers } from '../core/adapter.ts';
import { mustBeAllowed as mustBeAllowedTo } from '../core/allowed-action.ts';
import type { Command } from '../core/command.ts';
import { BotError } from '../core/errors.ts';
import { formOf, mustHavePreset } from '../core/form.ts';
import { type Job, jobKeyText } from '../core/job.ts';
import type { Mask } from '../core/masked.ts';
import { jobOptionOf } from '../core/options.ts';
import { allows, isAgent, personOn, rightsAnywhere } from '../core/person.ts';
import { sessionPinned } from '../core/pinned-session.ts';
import type { Preset } from '../core/preset.ts';
import type { Queues } from '../core/queues.ts';
import { assignmentsText } from '../core/quoting.ts';
import type { RequestContext } from '../core/request.ts';
import type { Services } from '../core/services/context.ts';
import { SETTINGS, settingField } from '../core/setting-fields.ts';
import { legible } from '../core/unseen.ts';
import type { Rule } from './authorise.ts';
import { legibleForm } from './legible.ts';
import { NOWHERE, pairsIn, parseInput } from './parse.ts';
import type { Places } from './place.ts';
import { isOfQueues, queueNameOf, whereOffered } from './queues-meant.ts';
import type { Records } from './records.ts';

/** What a form shows of what stands somewhere, characters: a field of Slack takes no more. What is longer is edited elsewhere. */
const STANDING_MAX = 3_000;

export interface FormDeps {
  commands: readonly Command[];
  places: Places;
  queues: Queues;
  mask: Mask;
  rule: Pick<Rule, 'authorise' | 'offers'>;
  records: Pick<Records, 'turnedAway'>;
  /** What commands use, with the experiments of a session; null: of the channel's. */
  servicesAt(request: RequestContext, session: string | null): Services;
}

/** The form of a command for somebody somewhere. Errors as for giving the command, as far as it is known what it is about. */
export function createForms(deps: FormDeps): AdapterHandlers['form'] {
  const { commands, places, rule, records } = deps;

  return async function form(invocation, commandName, options) {
    const threadJob = places.threadJob(invocation);
    const { command } = parseInput({ kind: 'options', command: commandName, options: {} }, commands, NOWHERE);
    const mustBeAllowed = (jobs?: readonly Job[]) => {
      try {
        const { person } = invocation;
        rule.authorise(person, command, jobs);
        // What could not be sent is not filled in; an agent's is proposed.
        const action = options.action === undefined ? undefined : command.actions?.[options.action];
        if (!action || isAgent(person)) return;
        const there = personOn(
          person,
          (jobs ?? []).map((job) => queueNameOf(deps.queues, job)),
        );
        const rights = isOfQueues(command) ? rightsAnywhere(there) : [there];
        // What agents propose, members may do for what is their own.
        const isEnough = rights.some(
          ({ role, mayRunOwn }) =>
            allows(role, action.role ?? null) || (mayRunOwn === true && action.role === 'agent'),
        );
        if (!isEnough) mustBeAllowedTo(command.name, options.action!, action, there);
      } catch (error) {
        records.turnedAway({ request: invocation, command }, error);
        throw error;
      }
    };
    mustBeAllowed();
    const jobOption = jobOptionOf(command.options);
    const given = { ...(threadJob && jobOption ? { [jobOption]: jobKeyText(threadJob) } : {}), ...options };
    const job =
      jobOption === undefined ? undefined : places.knownJob(invocation, given[jobOption], threadJob);
    if (job) mustBeAllowed([job]);
    const { session } = sessionPinned({ kind: 'options', command: command.name, options: given });
    const services = deps.servicesAt(invocation, session);
    const all = standingIn(command, job, services, given);
    const standing = Object.entries(all).filter(
      ([, value]) => value.length <= STANDING_MAX && deps.mask(value) === value,
    );
    const shown = new Set(standing.map(([option]) => option));
    const useless = command.useless?.(job, services, given) ?? [];
    const presets = services.launches.presets();
    mustHavePreset(command.options, presets);
    return legibleForm(
      formOf(
        whereOffered(command, (queue) => rule.offers(invocation.person, command, queue)),
        withSettings(command, given, all, presets),
        {
          // What cannot be shown is not to be written over unseen.
          useless: [...useless, ...Object.keys(all).filter((option) => !shown.has(option))],
          standing: Object.fromEntries(standing.map(([option, value]) => [option, legible(value)])),
          presets,
          nameOf: deps.queues.nameOf,
        },
      ),
    );
  };
}

/** Of what is half filled in, as an experiment that there is not, nothing stands anywhere. */
function standingIn(
  command: Command,
  job: Job | undefined,
  services: Services,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  try {
    return command.standing?.(job, services, given) ?? {};
  } catch (error) {
    if (error instanceof BotError) return {};
    throw error;
  }
}

/** What is given as one text of settings, each in its own field where its preset declares it. */
function withSettings(
  { options }: Command,
  given: Record<string, string>,
  standing: Readonly<Record<string, string>>,
  presets: readonly Preset[],
): Record<string, string> {
  const { [SETTINGS]: text = '', ...others } = given;
  const spec = options[SETTINGS];
  const name = given.preset || standing.preset || (presets.length === 1 ? presets[0]!.name : '');
  const declared = presets.find((each) => each.name === name)?.options;
  if (text === '' || spec?.type !== 'assignments' || !spec.declared || !declared) return given;
  try {
    const [own, rest] = [true, false].map((isOwn) =>
      pairsIn(text, SETTINGS).filter(([key]) => Object.hasOwn(declared, key) === isOwn),
    );
    return {
      ...others,
      ...Object.fromEntries(own!.map(([key, value]) => [settingField(key), value])),
      [SETTINGS]: assignmentsText(Object.fromEntries(rest!), '\n'),
    };
  } catch {
    return given;
  }
}
