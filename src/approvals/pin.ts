import { NOWHERE, parseInput } from '../chat/parse.ts';
import type { Command, Confirmation } from '../core/command.ts';
import { parseExperimentKey } from '../core/experiment.ts';
import { type Job, jobKeyText } from '../core/job.ts';
import { emptyWords, type OptionSpecs, type RawOptions } from '../core/options.ts';
import type { Proposal } from '../core/proposal.ts';
import type { CommandContext } from '../core/services/context.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import { type JobOrLaunch, meantKeyText } from '../core/waiting-launch.ts';

/**
 * The options of a proposal, pinned to what they mean now: as the command's question has them where it asks one, as
 * the command itself says, else with each job by its whole key. Throws BotError for what the command would refuse.
 */
export async function pinOptions(
  command: Command,
  values: Readonly<Record<string, unknown>>,
  raw: RawOptions,
  context: CommandContext,
  question: Confirmation | undefined,
): Promise<RawOptions> {
  if (question) {
    const { options } = question;
    return parseInput({ kind: 'options', command: command.name, options }, [command], NOWHERE).raw;
  }
  const { named, assignments } = (await command.pin?.(values as never, context, raw)) ?? raw;
  return { named: withWholeKeys(command.options, values, named), assignments };
}

/** What the approver should know about the experiments that a proposal names: their texts are not part of it. */
export function detailsOf(
  specs: OptionSpecs,
  { named }: RawOptions,
  experiments: Pick<ExperimentsService, 'rows' | 'plans'>,
): Proposal['details'] {
  const ids = Object.keys(specs).flatMap((name) =>
    specs[name]!.type === 'experiment' && named[name] !== undefined ? [named[name]] : [],
  );
  return ids
    .map((each) => parseExperimentKey(each)?.experimentId ?? each)
    .flatMap((id) => {
      const row = experiments.rows.get(id);
      const said = [
        { name: `hypothesis of ${id}`, text: row?.hypothesis ?? '' },
        { name: `expected of ${id}`, text: experiments.plans.of(id)?.expected ?? '' },
        { name: `parent of ${id}`, text: row?.parent_experiment_id ?? '' },
      ];
      return said.filter(({ text }) => text !== '');
    });
}

function withWholeKeys(
  specs: OptionSpecs,
  values: Readonly<Record<string, unknown>>,
  named: Record<string, string>,
): Record<string, string> {
  const pinned = Object.assign(emptyWords(), named);
  for (const [name, { type }] of Object.entries(specs)) {
    const value = values[name];
    if (value === undefined) continue;
    if (type === 'job') pinned[name] = meantKeyText(value as JobOrLaunch);
    if (type === 'jobs') pinned[name] = (value as Job[]).map(jobKeyText).join(' ');
  }
  return pinned;
}
