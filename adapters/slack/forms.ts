import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { AdapterHandlers } from '../../src/core/adapter.ts';
import { commandNamed } from '../../src/core/command-names.ts';
import { formOf } from '../../src/core/form.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { Accounts } from './accounts.ts';
import { OPTION_MAX } from './limits.ts';
import {
  COMMAND_LIST,
  chosenCommand,
  FORM,
  FORM_INPUT,
  formOrigin,
  formValues,
  formView,
  option,
  withProblem,
} from './modal.ts';
import { CHECKER, type Requests, type SlackRequest } from './requests.ts';

/** How long a form stays open for what may be wrong with it, milliseconds; Slack closes it after three seconds. */
const REFUSAL_MS = 1_500;

/** Takes the forms that people send, and what they type into lists. */
export function addForms(
  app: App,
  requests: Requests,
  { handlers, accounts }: { handlers: AdapterHandlers; accounts: Accounts },
): void {
  const { isDirect, contextOf, invoke, refusalWithin, work, originOf, presetsOf } = requests;

  app.view({ callback_id: COMMAND_LIST, type: 'view_submission' }, async ({ ack, body, view: list }) => {
    const { channel, thread, isInThread } = formOrigin(list.private_metadata);
    const press = { kind: 'form' as const, id: list.id };
    const request: SlackRequest = { user: body.user.id, channel: channel || null, thread, isInThread, press };
    const command = chosenCommand(list.state.values);
    const declared = commandNamed(command, handlers.commands);
    // Nothing here asks anybody else: who may do it is judged when the form is sent.
    const hasOptions = declared !== undefined && Object.keys(declared.options).length > 0;
    if (!hasOptions) {
      await ack();
      work(request, () => invoke(request, { kind: 'options', command, options: {} }));
      return;
    }
    const view = formView(formOf(declared, {}), originOf(request), await presetsOf(command));
    await ack({ response_action: 'update', view });
  });

  app.view({ callback_id: FORM, type: 'view_submission' }, async ({ ack, body, view }) => {
    const { channel, thread, isInThread, command, fixed } = formOrigin(view.private_metadata);
    // Sent twice, or again after a refusal, it is the same form.
    const press = { kind: 'form' as const, id: view.id };
    const request: SlackRequest = { user: body.user.id, channel: channel || null, thread, isInThread, press };
    const options = { ...formValues(view.state.values), ...fixed };
    const input = { kind: 'options' as const, command, options };
    // The words are checked at once, so that the form can show what is wrong; who asks is judged below.
    const wrong = handlers.check({ ...contextOf(request, CHECKER), input });
    // So is what only shows in trying, for as long as Slack waits for the form's answer.
    const refused = wrong ? undefined : await refusalWithin(REFUSAL_MS, request, input);
    const problem =
      wrong ?? (refused && { option: refused.errorOption, message: plainText(refused.message) });
    if (problem === undefined) return ack();
    const { option, message } = problem;
    if (option !== undefined && Object.hasOwn(view.state.values, option))
      return ack({ response_action: 'errors', errors: { [option]: message } });
    return ack({ response_action: 'update', view: withProblem(view as ModalView, message) });
  });

  app.options(FORM_INPUT, async ({ ack, body, payload }) => {
    const { channel, thread, command } = formOrigin(body.view?.private_metadata ?? '{}');
    const request: SlackRequest = { user: body.user.id, channel: channel || null, thread };
    // Slack waits three seconds: whoever is not known yet is offered nothing rather than looked up.
    const person = accounts.known(request.user, isDirect(request.channel) ? null : request.channel);
    const asked = {
      command,
      option: payload.block_id,
      typed: payload.value,
      given: {},
    };
    const found = person ? await handlers.suggest(contextOf(request, person), asked) : [];
    const options = found
      .filter(({ insert }) => insert.length <= OPTION_MAX)
      .map(({ insert, label, description }) =>
        option(insert, description ? `${label}: ${description}` : label),
      );
    await ack({ options });
  });
}
