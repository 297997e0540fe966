import type { App, BlockAction, SlackViewAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { AdapterHandlers, Modal } from '../../src/core/adapter.ts';
import { commandNamed } from '../../src/core/command-names.ts';
import { fieldFor } from '../../src/core/form.ts';
import { filledIn, PROBLEM, sentWith } from '../../src/core/form-sent.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { SlackClient } from './client.ts';
import { OPTION_MAX } from './limits.ts';
import {
  type ActionIds,
  actionIdsIn,
  COMMAND_LIST,
  chosenCommand,
  FORM,
  FORM_INPUTS,
  type FormOrigin,
  formValues,
  formView,
  MORE_BUTTON,
  option,
} from './modal.ts';
import type { Requests, SlackRequest } from './requests.ts';

/** How long a form stays open for what may be wrong with it, milliseconds; Slack closes it after three seconds. */
const REFUSAL_MS = 1_500;

/** Takes the forms that people send, what they press and choose in them, and what they type into lists. */
export function addForms(
  app: App,
  requests: Requests,
  { handlers, client }: { handlers: AdapterHandlers; client: SlackClient },
): void {
  const { knownAt, contextOf, invoke, refusalWithin, work, originOf, originIn, sealedFor, formFor } =
    requests;

  /** Who did something in a form, and where it was opened; one that is not as it was opened for them is refused in words, and undefined. */
  function sent(
    body: SlackViewAction | BlockAction,
    view: { id: string; private_metadata: string },
  ): { request: SlackRequest; origin: FormOrigin } | undefined {
    const by = { user: body.user.id, team: body.user.team_id };
    // Sent twice, or again after a refusal, it is the same form.
    const press = { kind: 'form' as const, id: view.id };
    try {
      const origin = originIn(view, by.user);
      const { channel, thread, isInThread } = origin;
      return { request: { ...by, channel: channel || null, thread, isInThread, press }, origin };
    } catch (error) {
      work({ ...by, channel: null }, () => Promise.reject(error));
      return undefined;
    }
  }

  const viewOf = (request: SlackRequest, form: Modal, { isUnfolded = false } = {}, ids?: ActionIds) =>
    sealedFor(request, formView(form, { ...originOf(request), ...(isUnfolded ? { isUnfolded } : {}) }, ids));

  app.view({ callback_id: COMMAND_LIST, type: 'view_submission' }, async ({ ack, body, view: list }) => {
    const opened = sent(body, list);
    if (!opened) return ack();
    const { request } = opened;
    const command = chosenCommand(list.state.values);
    // Nothing here asks Slack: whoever may not give it, or is not known yet, is judged as it is given.
    const person = knownAt(request);
    const declared = commandNamed(command, handlers.commandsFor(person));
    const hasOptions = declared !== undefined && Object.keys(declared.options).length > 0;
    if (!hasOptions) {
      await ack();
      work(request, () => invoke(request, { kind: 'options', command, options: {} }));
      return;
    }
    try {
      const view = viewOf(request, await formFor(request, person, command, {}));
      await ack({ response_action: 'update', view });
    } catch (error) {
      await ack();
      work(request, () => Promise.reject(error));
    }
  });

  app.view({ callback_id: FORM, type: 'view_submission' }, async ({ ack, body, view }) => {
    const opened = sent(body, view);
    if (!opened) return ack();
    const { request, origin } = opened;
    const { command, fixed } = origin;
    const options = sentWith(fixed, formValues(view.state.values));
    // What is wrong with it is shown in it, for as long as Slack waits for the form's answer.
    const refused = await refusalWithin(REFUSAL_MS, request, { kind: 'options', command, options });
    if (refused === undefined) return ack();
    const message = plainText(refused.message);
    const field = fieldFor(Object.keys(view.state.values), refused.errorOption);
    if (field !== undefined) return ack({ response_action: 'errors', errors: { [field]: message } });
    // Wrong with none of them: as things stand now it may ask for more, as whether somebody else's words are replaced.
    const again = { ...options, [PROBLEM]: message };
    const form = await formFor(request, knownAt(request), command, again);
    const isUnfolded = origin.isUnfolded === true || form.folded.includes(refused.errorOption ?? '');
    const ids = actionIdsIn(view as ModalView, () => true);
    return ack({ response_action: 'update', view: viewOf(request, form, { isUnfolded }, ids) });
  });

  app.action({ type: 'block_actions' }, async ({ ack, body, action }) => {
    const { view } = body as BlockAction;
    if (view?.type !== 'modal') return;
    await ack();
    const opened = sent(body as BlockAction, view);
    if (!opened || view.callback_id !== FORM) return;
    const { request, origin } = opened;
    const { command, fixed } = origin;
    const given = sentWith(fixed, formValues(view.state.values));
    const isMore = action.block_id === MORE_BUTTON;
    const filled = filledIn(given);
    const options = isMore ? given : { ...filled, ...withValue(fixed, given, action.block_id) };
    const ids = actionIdsIn(
      view as unknown as ModalView,
      (field) => isMore || field === action.block_id || Object.hasOwn(filled, field),
    );
    work(request, async () => {
      const form = await formFor(request, knownAt(request), command, options);
      const isUnfolded = isMore || origin.isUnfolded === true;
      const changed = viewOf(request, form, { isUnfolded }, ids);
      await client.call('views.update', { view_id: view.id, view: changed });
    });
  });

  app.options(FORM_INPUTS, async ({ ack, body, payload }) => {
    const { user, view } = body;
    if (!view) return ack({ options: [] });
    const { channel, thread, command } = originIn(view, user.id);
    const request: SlackRequest = { user: user.id, team: user.team_id, channel: channel || null, thread };
    // Slack waits three seconds: nobody is looked up, and whoever is not known yet is offered nothing.
    const found = await handlers.suggest(contextOf(request, knownAt(request)), {
      command,
      option: payload.block_id,
      typed: payload.value,
      given: {},
    });
    const options = found
      .filter(({ insert }) => insert.length <= OPTION_MAX)
      .map(({ insert, label, description }) =>
        option(insert, description ? `${label}: ${description}` : label),
      );
    await ack({ options });
  });
}

/** What goes along with a form that becomes another one, by what was chosen in this field. */
function withValue(
  fixed: Record<string, string>,
  given: Record<string, string>,
  field: string,
): Record<string, string> {
  const along = Object.entries(fixed).filter(([name]) => !name.startsWith(':'));
  return { ...Object.fromEntries(along), [field]: given[field] ?? '' };
}
