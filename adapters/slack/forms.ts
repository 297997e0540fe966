import type { App, SlackViewAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { AdapterHandlers } from '../../src/core/adapter.ts';
import { commandNamed } from '../../src/core/command-names.ts';
import { formOf } from '../../src/core/form.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { OPTION_MAX } from './limits.ts';
import {
  COMMAND_LIST,
  chosenCommand,
  FORM,
  FORM_INPUT,
  formValues,
  formView,
  option,
  withProblem,
} from './modal.ts';
import type { Requests, SlackRequest } from './requests.ts';

/** How long a form stays open for what may be wrong with it, milliseconds; Slack closes it after three seconds. */
const REFUSAL_MS = 1_500;

/** Takes the forms that people send, and what they type into lists. */
export function addForms(app: App, requests: Requests, { handlers }: { handlers: AdapterHandlers }): void {
  const { knownAt, contextOf, invoke, refusalWithin, work, originOf, originIn, sealedFor, presetsOf } =
    requests;

  /** Who sent a form, and from where; a form that is not as it was opened for them is refused in words, and undefined. */
  function sent(body: SlackViewAction, view: { id: string; private_metadata: string }) {
    const by = { user: body.user.id, team: body.user.team_id };
    // Sent twice, or again after a refusal, it is the same form.
    const press = { kind: 'form' as const, id: view.id };
    try {
      const { channel, thread, isInThread, command, fixed } = originIn(view, by.user);
      const request: SlackRequest = { ...by, channel: channel || null, thread, isInThread, press };
      return { request, command, fixed };
    } catch (error) {
      work({ ...by, channel: null }, () => Promise.reject(error));
      return undefined;
    }
  }

  app.view({ callback_id: COMMAND_LIST, type: 'view_submission' }, async ({ ack, body, view: list }) => {
    const opened = sent(body, list);
    if (!opened) return ack();
    const { request } = opened;
    const command = chosenCommand(list.state.values);
    // Nothing here asks Slack: whoever may not give it, or is not known yet, is judged as it is given.
    const declared = commandNamed(command, handlers.commandsFor(knownAt(request)));
    const hasOptions = declared !== undefined && Object.keys(declared.options).length > 0;
    if (!hasOptions) {
      await ack();
      work(request, () => invoke(request, { kind: 'options', command, options: {} }));
      return;
    }
    const view = formView(formOf(declared, {}), originOf(request), await presetsOf(request, command));
    await ack({ response_action: 'update', view: sealedFor(request, view) });
  });

  app.view({ callback_id: FORM, type: 'view_submission' }, async ({ ack, body, view }) => {
    const opened = sent(body, view);
    if (!opened) return ack();
    const { request, command, fixed } = opened;
    const options = { ...formValues(view.state.values), ...fixed };
    // What is wrong with it is shown in it, for as long as Slack waits for the form's answer.
    const refused = await refusalWithin(REFUSAL_MS, request, { kind: 'options', command, options });
    if (refused === undefined) return ack();
    const option = refused.errorOption;
    const message = plainText(refused.message);
    if (option !== undefined && Object.hasOwn(view.state.values, option))
      return ack({ response_action: 'errors', errors: { [option]: message } });
    return ack({ response_action: 'update', view: withProblem(view as ModalView, message) });
  });

  app.options(FORM_INPUT, async ({ ack, body, payload }) => {
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
