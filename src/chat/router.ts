import type { AdapterHandlers } from '../core/adapter.ts';
import { beginning } from '../core/clip.ts';
import type { CommandDeclaration } from '../core/command-declaration.ts';
import { commandNamed } from '../core/command-names.ts';
import { errorText } from '../core/errors.ts';
import { forReaders } from '../core/for-readers.ts';
import { isOffered } from '../core/offered.ts';
import { DEFAULT_MAX_LENGTH, jobsOptionOf, specOf } from '../core/options.ts';
import type { RequestContext } from '../core/request.ts';
import type { Services } from '../core/services/context.ts';
import type { NotesService } from '../core/services/notes.ts';
import type { Budgets } from './budgets.ts';
import { complete, suggest, suggestTags } from './complete.ts';
import type { SharedServices } from './context.ts';
import { failureReply } from './failure.ts';
import { createForms } from './forms.ts';
import { createInvoke, type InvokeDeps } from './invoke.ts';
import { legibleCompletions } from './legible.ts';
import { createPlaces, type PlaceDeps } from './place.ts';

export interface RouterDeps extends InvokeDeps, PlaceDeps {
  services: SharedServices;
  notes: Pick<NotesService, 'add' | 'revise'>;
  flows: Budgets['flows'];
}

/** What people do at adapters, the same for all of them: commands, forms, completion, and what is said in threads. */
export function createRouter(deps: RouterDeps): AdapterHandlers {
  const { commands, services } = deps;
  const places = createPlaces(deps);
  const offered = commands.filter((command) => isOffered(command, deps.queues));

  function lookups(request: RequestContext) {
    return {
      commands,
      services: servicesAt(request, null),
      threadJob: places.threadJob(request),
      offers: (command: CommandDeclaration, queue?: string) =>
        deps.rule.offers(request.person, command, queue),
    };
  }

  /** What commands use, as seen from a session; null, or one that is gone: from the channel's. */
  function servicesAt(request: RequestContext, session: string | null): Services {
    const experiments =
      (session === null ? undefined : deps.experimentsOf(session)) ?? deps.experimentsIn(request);
    return { ...services, ...experiments, commands };
  }

  const form = createForms({ ...deps, places, servicesAt });

  return {
    invoke: createInvoke({ ...deps, places }),
    failed(error, { adapter, account }) {
      const reply = failureReply(error, { adapter, asker: account }, deps);
      return { ...reply, message: forReaders(reply.message, deps.typing, adapter, deps.mask) };
    },

    form(...asked) {
      const [{ person }] = asked;
      deps.spend(person, { changes: false });
      return form(...asked);
    },

    async complete(request, words) {
      if (!deps.flows(request.person, 'typed')) return [];
      return legibleCompletions(await complete(words, lookups(request)));
    },

    async suggest(request, asked) {
      if (!deps.flows(request.person, 'typed')) return [];
      const command = commandNamed(asked.command, commands);
      if (!command || !deps.rule.offers(request.person, command)) return [];
      if (specOf(command.options, asked.option)?.type !== 'tag')
        return legibleCompletions(suggest(asked, lookups(request)));
      // Of several jobs the first one's are offered.
      const [reference] = (asked.given[jobsOptionOf(command.options) ?? ''] ?? '').split(/\s+/);
      const job = places.knownJob(request, reference || undefined, places.threadJob(request));
      return job
        ? legibleCompletions(suggestTags((await services.metrics.series(job)).series, asked.typed))
        : [];
    },

    heard({ person, ...thread }, { author, text, at, link, id }) {
      const job = places.threadJob(thread);
      // Of those who may nothing here, as guests, nothing is kept.
      if (!job || person.barred !== undefined) return;
      deps.onLooked(job, person);
      if (text.trim() === '' || !deps.flows(person, 'said')) return;
      deps.notes.add(job, {
        author: author.name,
        person: author.id,
        text: beginning(text, DEFAULT_MAX_LENGTH),
        at,
        link,
        source: id,
      });
    },

    async looked({ adapter, message, who }) {
      try {
        const job = places.jobAt(adapter, message);
        if (job) deps.onLooked(job, await who());
      } catch (error) {
        deps.log.warn({ error: errorText(error) }, 'it is not known who looked at which job');
      }
    },

    revised: (id, text) => deps.notes.revise(id, text && beginning(text, DEFAULT_MAX_LENGTH)),
    isOfJob: (thread) => places.threadJob(thread) !== undefined,

    // What no queue can do is offered nowhere; asked for all the same, it says why not.
    nameOf: deps.queues.nameOf,
    questioned: deps.questions.questioned,
    typed: (adapter, line) => deps.typing.at(adapter)(line),
    commands: offered,
    commandsFor: (person) => offered.filter((command) => deps.rule.offers(person, command)),
  };
}
