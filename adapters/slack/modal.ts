import type { AnyBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { Modal } from '../../src/core/adapter.ts';
import { beginning, clip } from '../../src/core/clip.ts';
import type { CommandDeclaration } from '../../src/core/command-declaration.ts';
import { unticked } from '../../src/core/form.ts';
import { labelOf, type OptionSpec } from '../../src/core/options.ts';
import {
  BLOCKS_MAX,
  BUTTON_TEXT_MAX,
  HINT_MAX,
  INPUT_MAX,
  MODAL_TITLE_MAX,
  OPTION_MAX,
  SECTION_MAX,
  SELECT_OPTIONS_MAX,
} from './limits.ts';

/** `callback_id` of the two kinds of forms: a command's, and the list of commands. */
export const FORM = 'form';
export const COMMAND_LIST = 'commands';
/** The input of the list of commands. */
const COMMAND_INPUT = 'command';
/** The block that says what is wrong with a form; no option has such a name. */
const PROBLEM = ':problem';
/** The button that shows the folded fields. */
export const MORE_BUTTON = ':more';
/** `action_id` of every input, with a number where it begins anew; the field's name is its `block_id`. */
export const FORM_INPUT = 'input';

/** Where a form was opened, so that its answer goes there; kept in the form itself. */
export interface FormOrigin {
  channel: string;
  thread?: string;
  isInThread?: boolean;
  /** What is folded at first is shown. */
  isUnfolded?: boolean;
  command: string;
  /** What the form does not ask for, because it is settled: the job of a button. */
  fixed: Record<string, string>;
}

/** A command's form; `actionIds`: those of inputs that stand in an open one and keep what was filled in. */
export function formView(
  modal: Modal,
  origin: Omit<FormOrigin, 'command' | 'fixed'>,
  actionIds: ActionIds = () => FORM_INPUT,
): ModalView {
  const { title, description, about, problem, command, fixed, fields, folded, shaping, values } = modal;
  const lines = [description, ...about.map(({ label, text }) => `${label}: ${text}`)];
  const shown = Object.entries(fields).filter(([name]) => origin.isUnfolded || !folded.includes(name));
  const metadata: FormOrigin = { ...origin, command, fixed };
  const more = folded.length > 0 && !origin.isUnfolded ? [moreButton()] : [];
  return {
    type: 'modal',
    callback_id: FORM,
    private_metadata: JSON.stringify(metadata),
    title: plain(title, MODAL_TITLE_MAX),
    submit: plain(modal.submitLabel, MODAL_TITLE_MAX),
    close: plain('Cancel', MODAL_TITLE_MAX),
    blocks: [
      ...(problem ? [problemBlock(problem.text)] : []),
      ...lines.map((line) => ({ type: 'context', elements: [plain(line, HINT_MAX)] })),
      ...shown.map(([name, spec]) => ({
        ...input(name, spec, values[name] ?? '', actionIds(name)),
        ...(shaping.includes(name) ? { dispatch_action: true } : {}),
      })),
      ...more,
    ].slice(0, BLOCKS_MAX.modal) as KnownBlock[],
  };
}

/** The `action_id` of a field's input: with the same one Slack keeps what stands in it, whatever it begins with anew. */
export type ActionIds = (field: string) => string;

/** Whether an `action_id` is an input's. */
export const FORM_INPUTS = new RegExp(`^${FORM_INPUT}(-\\d+)?$`);

/** The ids that inputs of an open form have; all others get one that it has nowhere. */
export function actionIdsIn(
  { blocks }: Pick<ModalView, 'blocks'>,
  keeps: (field: string) => boolean,
): ActionIds {
  const known = new Map(
    (blocks as KnownBlock[]).flatMap((block) =>
      block.type === 'input' && block.block_id !== undefined
        ? [[block.block_id, block.element.action_id ?? FORM_INPUT] as const]
        : [],
    ),
  );
  const numbers = [...known.values()].map((id) => Number(id.slice(FORM_INPUT.length + 1)) || 0);
  const fresh = `${FORM_INPUT}-${Math.max(0, ...numbers) + 1}`;
  return (field) => {
    const id = known.get(field);
    return id === undefined ? FORM_INPUT : keeps(field) ? id : fresh;
  };
}

function problemBlock(problem: string): KnownBlock {
  return { type: 'section', block_id: PROBLEM, text: plain(`⚠️ ${problem}`, SECTION_MAX) };
}

function moreButton(): KnownBlock {
  return {
    type: 'actions',
    block_id: MORE_BUTTON,
    elements: [{ type: 'button', action_id: MORE_BUTTON, text: plain('More options', BUTTON_TEXT_MAX) }],
  };
}

/** The list of commands that `/xax` alone opens. */
export function commandListView(
  commands: readonly CommandDeclaration[],
  origin: Omit<FormOrigin, 'command' | 'fixed'>,
): ModalView {
  return {
    type: 'modal',
    callback_id: COMMAND_LIST,
    private_metadata: JSON.stringify({ ...origin, command: '', fixed: {} } satisfies FormOrigin),
    title: plain('xaxbot', MODAL_TITLE_MAX),
    submit: plain('Next', MODAL_TITLE_MAX),
    close: plain('Cancel', MODAL_TITLE_MAX),
    blocks: [
      {
        type: 'input',
        block_id: COMMAND_INPUT,
        label: plain('What would you like to do?', OPTION_MAX),
        element: {
          type: 'static_select',
          action_id: FORM_INPUT,
          options: commands.slice(0, SELECT_OPTIONS_MAX).map(({ name, summary }) => ({
            text: plain(`${name}: ${summary}`, OPTION_MAX),
            value: name,
          })),
        },
      },
      {
        type: 'context',
        elements: [
          {
            type: 'plain_text',
            text: 'The same as typed: /xax status, /xax queue PRESET key=value, /xax help. In a thread: @xaxbot and the command.',
            emoji: false,
          },
        ],
      },
    ],
  };
}

type State = Record<string, Record<string, Filled>>;

interface Filled {
  type?: string;
  value?: string | null;
  selected_option?: { value: string } | null;
  selected_options?: { value: string }[];
}

/** What stands in each field that is shown, by option; an empty text for an empty one. */
export function formValues(state: State): Record<string, string> {
  return Object.fromEntries(
    Object.entries(state).map(([name, inputs]) => [name, filledValue(name, Object.values(inputs)[0] ?? {})]),
  );
}

function filledValue(name: string, { value, selected_option, selected_options }: Filled): string {
  if (selected_options) return selected_options[0]?.value ?? unticked(name);
  return selected_option?.value ?? value ?? '';
}

export function chosenCommand(state: State): string {
  return formValues(state)[COMMAND_INPUT] ?? '';
}

export function formOrigin(metadata: string): FormOrigin {
  return JSON.parse(metadata) as FormOrigin;
}

function input(name: string, spec: OptionSpec, value: string, actionId: string): AnyBlock {
  return {
    type: 'input',
    block_id: name,
    optional: spec.required !== true,
    label: plain(labelOf(name, spec), OPTION_MAX),
    hint: plain(spec.description, HINT_MAX),
    element: { ...element(spec, value), action_id: actionId },
  } as AnyBlock;
}

function element(spec: OptionSpec, value: string) {
  switch (spec.type) {
    case 'choice':
      if (spec.choices.length > SELECT_OPTIONS_MAX || spec.choices.some(({ length }) => length > OPTION_MAX))
        return spec.described ? search(value) : text(value, {});
      return select(spec, value);
    case 'boolean':
      return tick(value);
    case 'integer':
      return spec.proposals ? search(value) : wholeNumber(spec, value);
    case 'preset':
    case 'job':
    case 'experiment':
    case 'tag':
      return search(value);
    case 'assignments':
      return text(value, { multiline: true });
    case 'text':
      return text(value, { multiline: spec.multiline === true, maxLength: spec.maxLength });
    // A number may be `3e-4`, which Slack's own input for numbers does not take.
    default:
      return text(value, {});
  }
}

function text(
  value: string,
  { multiline = false, maxLength = INPUT_MAX }: { multiline?: boolean; maxLength?: number | undefined },
) {
  const most = Math.min(maxLength, INPUT_MAX);
  return {
    type: 'plain_text_input' as const,
    multiline,
    max_length: most,
    ...(value === '' ? {} : { initial_value: beginning(value, most) }),
  };
}

/** What is no whole number in plain digits is for the command to judge, as what is typed there. */
function wholeNumber({ min, max }: { min?: number; max?: number }, value: string) {
  if (value !== '' && !/^-?\d{1,15}$/.test(value)) return text(value, {});
  return {
    type: 'number_input' as const,
    is_decimal_allowed: false,
    ...(min === undefined ? {} : { min_value: String(min) }),
    ...(max === undefined ? {} : { max_value: String(max) }),
    ...(value === '' ? {} : { initial_value: value }),
  };
}

/** A list whose values Slack asks us for while somebody types. */
function search(value: string) {
  return {
    type: 'external_select' as const,
    min_query_length: 0,
    ...(value === '' || value.length > OPTION_MAX ? {} : { initial_option: option(value) }),
  };
}

function select({ choices, described = {} }: OptionSpec & { type: 'choice' }, value: string) {
  const options = choices.map((choice) => ({
    ...option(choice),
    ...(described[choice] ? { description: plain(described[choice], OPTION_MAX) } : {}),
  }));
  const chosen = options.find((each) => each.value === value);
  return {
    type: 'static_select' as const,
    options,
    ...(chosen ? { initial_option: chosen } : {}),
  };
}

function tick(value: string) {
  const yes = option('true', 'Yes');
  return {
    type: 'checkboxes' as const,
    options: [yes],
    ...(value === 'true' ? { initial_options: [yes] } : {}),
  };
}

/** One value to choose; what Slack cannot carry is left out by whoever lists values. */
export function option(value: string, label = value): PlainTextOption {
  return { text: plain(label, OPTION_MAX), value: beginning(value, OPTION_MAX) };
}

function plain(text: string, length: number) {
  return { type: 'plain_text' as const, text: clip(text, length) || ' ', emoji: false };
}
