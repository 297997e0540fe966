import type { AnyBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { Modal } from '../../src/core/adapter.ts';
import { beginning, clip } from '../../src/core/clip.ts';
import type { CommandDeclaration } from '../../src/core/command-declaration.ts';
import { labelOf, type OptionSpec } from '../../src/core/options.ts';
import {
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
/** `action_id` of every input; the option's name is its `block_id`. */
export const FORM_INPUT = 'input';

/** Where a form was opened, so that its answer goes there; kept in the form itself. */
export interface FormOrigin {
  channel: string;
  thread?: string;
  isInThread?: boolean;
  command: string;
  /** What the form does not ask for, because it is settled: the job of a button. */
  fixed: Record<string, string>;
}

/** A command's form. `presets`: the values of an option that has few. */
export function formView(
  modal: Modal,
  origin: Omit<FormOrigin, 'command' | 'fixed'>,
  presets: string[],
): ModalView {
  const lines = [modal.description, ...modal.about.map(({ label, text }) => `${label}: ${text}`)];
  const about: AnyBlock[] = lines.map((line) => ({
    type: 'context',
    elements: [plain(line, HINT_MAX)],
  }));
  const metadata: FormOrigin = { ...origin, command: modal.command, fixed: modal.fixed };
  return {
    type: 'modal',
    callback_id: FORM,
    private_metadata: JSON.stringify(metadata),
    title: plain(modal.title, MODAL_TITLE_MAX),
    submit: plain(modal.submitLabel, MODAL_TITLE_MAX),
    close: plain('Cancel', MODAL_TITLE_MAX),
    blocks: [
      ...about,
      ...Object.entries(modal.fields).map(([name, spec]) =>
        input(name, spec, modal.values[name] ?? '', presets),
      ),
    ] as KnownBlock[],
  };
}

/** An open form again, with what is wrong with it as a whole; Slack keeps what stands in its inputs. */
export function withProblem(
  {
    private_metadata,
    title,
    submit,
    close,
    blocks,
  }: Pick<ModalView, 'private_metadata' | 'title' | 'submit' | 'close' | 'blocks'>,
  problem: string,
): ModalView {
  const said: KnownBlock = { type: 'section', block_id: PROBLEM, text: plain(`⚠️ ${problem}`, SECTION_MAX) };
  return {
    type: 'modal',
    callback_id: FORM,
    ...(private_metadata === undefined ? {} : { private_metadata }),
    title,
    ...(submit ? { submit } : {}),
    ...(close ? { close } : {}),
    blocks: [said, ...blocks.filter((block) => block.block_id !== PROBLEM)],
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

type State = Record<
  string,
  Record<string, { value?: string | null; selected_option?: { value: string } | null }>
>;

/** What was filled in, by option; what was left empty is not among it. */
export function formValues(state: State): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, inputs] of Object.entries(state)) {
    const [given] = Object.values(inputs);
    const value = given?.selected_option?.value ?? given?.value ?? '';
    if (value !== '') values[name] = value;
  }
  return values;
}

export function chosenCommand(state: State): string {
  return formValues(state)[COMMAND_INPUT] ?? '';
}

export function formOrigin(metadata: string): FormOrigin {
  return JSON.parse(metadata) as FormOrigin;
}

function input(name: string, spec: OptionSpec, value: string, presets: string[]): AnyBlock {
  return {
    type: 'input',
    block_id: name,
    optional: spec.required !== true,
    label: plain(labelOf(name, spec), OPTION_MAX),
    hint: plain(spec.description, HINT_MAX),
    element: element(spec, value, presets),
  } as AnyBlock;
}

function element(spec: OptionSpec, value: string, presets: string[]) {
  const text = (multiline: boolean) => ({
    type: 'plain_text_input' as const,
    action_id: FORM_INPUT,
    multiline,
    max_length: INPUT_MAX,
    ...(value === '' ? {} : { initial_value: beginning(value, INPUT_MAX) }),
  });
  switch (spec.type) {
    case 'choice':
      return select(spec.choices, value);
    case 'boolean':
      return select(['yes', 'no'], value);
    case 'preset':
      return presets.length > 0 && presets.length < SELECT_OPTIONS_MAX
        ? select(presets, value)
        : search(value);
    case 'integer':
      return spec.proposals ? search(value) : text(false);
    case 'job':
    case 'experiment':
    case 'tag':
      return search(value);
    case 'assignments':
      return text(true);
    case 'text':
      return text(spec.multiline === true);
    default:
      return text(false);
  }
}

/** A list whose values Slack asks us for while somebody types. */
function search(value: string) {
  return {
    type: 'external_select' as const,
    action_id: FORM_INPUT,
    min_query_length: 0,
    ...(value === '' || value.length > OPTION_MAX ? {} : { initial_option: option(value) }),
  };
}

function select(values: readonly string[], value: string) {
  return {
    type: 'static_select' as const,
    action_id: FORM_INPUT,
    options: values.map((each) => option(each)),
    ...(values.includes(value) ? { initial_option: option(value) } : {}),
  };
}

/** One value to choose; what Slack cannot carry is left out by whoever lists values. */
export function option(value: string, label = value): PlainTextOption {
  return { text: plain(label, OPTION_MAX), value: beginning(value, OPTION_MAX) };
}

function plain(text: string, length: number) {
  return { type: 'plain_text' as const, text: clip(text, length) || ' ', emoji: false };
}
