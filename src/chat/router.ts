import type { AdapterHandlers } from '../core/adapter.ts';
import { beginning } from '../core/clip.ts';
import { commandNamed } from '../core/command-names.ts';
import { BotError, errorText } from '../core/errors.ts';
import { formOf } from '../core/form.ts';
import { jobKeyText } from '../core/job.ts';
import { isOffered } from '../core/offered.ts';
import { DEFAULT_MAX_LENGTH, type OptionSpecs, specOf } from '../core/options.ts';
import { allows } from '../core/person.ts';
import { sessionPinned } from '../core/pinned-session.ts';
import type { RequestContext } from '../core/request.ts';
import type { NotesService } from '../core/services/notes.ts';
import { authorise } from './authorise.ts';
import { complete, suggest, suggestTags } from './complete.ts';
import type { SharedServices } from './context.ts';
import { failureReply } from './failure.ts';
import { createInvoke, type InvokeDeps } from './invoke.ts';
import { NOWHERE, parseInput } from './parse.ts';
import { createPlaces, type PlaceDeps } from './place.ts';
import { parseValues } from './values.ts';

export interface RouterDeps extends InvokeDeps, PlaceDeps {
  services: SharedServices;
  notes: Pick<NotesService, 'add' | 'revise'>;
}

/** What people do at adapters, the same for all of them: commands, forms, completion, and what is said in threads. */
export function createRouter(deps: RouterDeps): AdapterHandlers {
  const { commands, services } = deps;
  const places = createPlaces(deps);

  function lookups(request: RequestContext) {
    return {
      commands,
      services: { ...services, ...deps.experimentsIn(request), commands },
      threadJob: places.threadJob(request),
      role: request.person.role,
    };
  }

  return {
    invoke: createInvoke({ ...deps, places }),
    failed: (error, { adapter, account }) => failureReply(error, { adapter, asker: account }, deps),

    async form(invocation, commandName, options) {
      const threadJob = places.threadJob(invocation);
      const { command } = parseInput(
        { kind: 'options', command: commandName, options: {} },
        commands,
        NOWHERE,
      );
      try {
        authorise(invocation.person, command, deps.mayPropose);
      } catch (error) {
        deps.records.turnedAway({ request: invocation, command }, error);
        throw error;
      }
      const jobOption = jobOptionOf(command.options);
      const given = {
        ...(threadJob && jobOption ? { [jobOption]: jobKeyText(threadJob) } : {}),
        ...options,
      };
      const job =
        jobOption === undefined ? undefined : places.knownJob(invocation, given[jobOption], threadJob);
      return formOf(command, given, {
        useless: command.useless?.(job, lookups(invocation).services),
        nameOf: deps.queues.nameOf,
      });
    },

    complete: (request, words) => complete(words, lookups(request)),

    async suggest(request, asked) {
      const command = commandNamed(asked.command, commands);
      if (!command || !allows(request.person.role, command.role)) return [];
      if (specOf(command.options, asked.option)?.type !== 'tag') return suggest(asked, lookups(request));
      const reference = asked.given[jobOptionOf(command.options) ?? ''];
      const job = places.knownJob(request, reference, places.threadJob(request));
      return job ? suggestTags((await services.metrics.series(job)).series, asked.typed) : [];
    },

    check(invocation) {
      try {
        if (invocation.input.kind === 'confirm') return undefined;
        const threadJob = places.threadJob(invocation);
        const { input } = sessionPinned(invocation.input);
        const { command, raw } = parseInput(input, commands, places.words(invocation, threadJob));
        authorise(invocation.person, command, deps.mayPropose);
        parseValues(command.options, raw, places.lookups(invocation, threadJob));
        return undefined;
      } catch (error) {
        const { option } = error instanceof BotError ? error : { option: undefined };
        return { option, message: deps.typing.spell(invocation.adapter, errorText(error)) };
      }
    },

    heard(thread, { author, text, at, link, id }) {
      const job = places.threadJob(thread);
      if (!job || text.trim() === '') return;
      deps.notes.add(job, {
        author: author.name,
        person: author.id,
        text: beginning(text, DEFAULT_MAX_LENGTH),
        at,
        link,
        source: id,
      });
    },

    revised: (id, text) => deps.notes.revise(id, text && beginning(text, DEFAULT_MAX_LENGTH)),
    isOfJob: (thread) => places.threadJob(thread) !== undefined,

    // What no queue can do is offered nowhere; asked for all the same, it says why not.
    nameOf: deps.queues.nameOf,
    typed: (adapter, line) => deps.typing.at(adapter)(line),
    commands: commands.filter((command) => isOffered(command, deps.queues)),
  };
}

function jobOptionOf(options: OptionSpecs): string | undefined {
  return Object.keys(options).find((name) => options[name]!.type === 'job');
}
