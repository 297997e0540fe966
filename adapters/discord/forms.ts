import {
  type APIActionRowComponent,
  type APIComponentInLabel,
  type APIModalInteractionResponseCallbackData,
  type APISelectMenuOption,
  type APIStringSelectComponent,
  ComponentType,
  TextInputStyle,
} from 'discord-api-types/v10';
import type { Modal } from '../../src/core/adapter.ts';
import type { Actions } from '../../src/core/adapter-ports.ts';
import { beginning, clip } from '../../src/core/clip.ts';
import { MORE } from '../../src/core/form-sent.ts';
import { labelOf, type OptionSpec } from '../../src/core/options.ts';
import { assignment } from '../../src/core/quoting.ts';
import { settingOf } from '../../src/core/setting-fields.ts';
import {
  CHOICE_MAX,
  CUSTOM_ID_MAX,
  LABEL_DESCRIPTION_MAX,
  LABEL_MAX,
  MODAL_ITEMS_MAX,
  MODAL_TITLE_MAX,
  PLACEHOLDER_MAX,
  SELECT_OPTIONS_MAX,
  TEXT_INPUT_MAX,
  TEXT_TOTAL_MAX,
} from './limits.ts';
import { literal } from './text.ts';

const FORM = 'form:';
/** This much is shown of each line above the inputs, characters. */
const LINE_MAX = 500;

type Item = APIModalInteractionResponseCallbackData['components'][number];

/**
 * A command's form. What is settled (the job of a button) stands behind the form's id, and `opening` after it: the interaction
 * that it answers. Discord has room for five things, and changes no form that is open: what others depend on goes along
 * as it is, and what has no room is typed in the last input, as `key=value`.
 */
export function formOf(
  modal: Modal,
  { actions, opening }: { actions: Actions; opening: string },
): APIModalInteractionResponseCallbackData {
  const settled = modal.shaping.filter((name) => modal.values[name] !== undefined);
  const asked = Object.entries(modal.fields).filter(([name]) => !settled.includes(name));
  const fixed = { ...modal.fixed, ...Object.fromEntries(settled.map((name) => [name, modal.values[name]!])) };
  const own = ownInputs(modal, asked);
  const isFolded = ([name]: [string, OptionSpec]) => modal.folded.includes(name);
  const rest = asked
    .filter((each) => !own.includes(each))
    .toSorted((a, b) => Number(isFolded(a)) - Number(isFolded(b)));
  const inputs = [
    ...own.map(([name, spec]) => labelled(name, spec, modal)),
    ...(rest.length > 0 ? [moreInput(rest, modal)] : []),
  ];
  const about = [
    ...settled.map((name) => ({ label: labelOf(name, modal.fields[name]!), text: modal.values[name]! })),
    ...modal.about,
  ];
  // What it is about is worth more than what sending it does; without room for either the title says the first.
  const hasRoom = inputs.length < MODAL_ITEMS_MAX;
  const title = hasRoom || about.length === 0 ? modal.title : `${modal.title}: ${about[0]!.text}`;
  return {
    custom_id: `${FORM}${actions.idOf({ command: modal.command, options: fixed, form: true, replaces: false })}:${opening}`,
    title: clip(title, MODAL_TITLE_MAX),
    components: hasRoom ? [head(modal, about), ...inputs] : inputs,
  };
}

/** The id of what a form is settled on, and of its opening; undefined for something that is no form of ours. */
export function formParts(customId: string): { action: string; opening: string | undefined } | undefined {
  if (!customId.startsWith(FORM)) return undefined;
  const [action = '', opening] = customId.slice(FORM.length).split(':');
  return { action, opening };
}

/**
 * Those fields that have an input of their own, in their order: as many as there is room for beside one for the rest. What
 * must be given comes before what need not, the first question of the command's own before settings, which are as easily
 * written one below the other; what is folded has none.
 */
function ownInputs({ folded, problem }: Modal, asked: [string, OptionSpec][]): [string, OptionSpec][] {
  const unfolded = asked.filter(([name]) => !folded.includes(name) && name.length <= CUSTOM_ID_MAX);
  const first = unfolded.find(([name]) => settingOf(name) === undefined)?.[0];
  const rank = ([name, spec]: [string, OptionSpec]) => {
    if (settingOf(name) !== undefined) return 2;
    return spec.required ? 0 : name === first ? 1 : 3;
  };
  const isHeadNeeded = problem !== undefined && problem.field === undefined;
  const room = MODAL_ITEMS_MAX - (isHeadNeeded ? 1 : 0);
  if (unfolded.length === asked.length && asked.length <= room) return asked;
  const chosen = unfolded.toSorted((a, b) => rank(a) - rank(b)).slice(0, room - 1);
  return asked.filter((each) => chosen.includes(each));
}

/** What others depend on and is not known yet: it is chosen first, from a list. */
export function firstChoice(modal: Modal): { field: string; spec: Choice } | undefined {
  for (const field of modal.shaping) {
    const spec = modal.fields[field]!;
    const isOpen = modal.values[field] === undefined && !modal.folded.includes(field);
    if (isOpen && spec.type === 'choice' && isListable(spec)) return { field, spec };
  }
  return undefined;
}

const PICK = 'pick:';

/** The list from which that is chosen, in a message of its own. */
export function choiceMessage(
  modal: Modal,
  { field, spec }: { field: string; spec: Choice },
  actions: Actions,
): { content: string; components: APIActionRowComponent<APIStringSelectComponent>[] } {
  const { command, fixed, values } = modal;
  const options = { ...fixed, ...values };
  const select: APIStringSelectComponent = {
    type: ComponentType.StringSelect,
    custom_id: `${PICK}${actions.idOf({ command, options, form: true, replaces: false })}:${field}`,
    placeholder: clip(spec.description, PLACEHOLDER_MAX),
    options: optionsOf(spec, ''),
  };
  const content = `${literal(modal.title)}: ${literal(labelOf(field, spec)).toLowerCase()}?`;
  return { content, components: [{ type: ComponentType.ActionRow, components: [select] }] };
}

/** What a choice from such a list goes on with; undefined for something that is none of ours. */
export function choiceParts(customId: string): { action: string; field: string } | undefined {
  const [action = '', field] = customId.startsWith(PICK) ? customId.slice(PICK.length).split(':') : [];
  return field === undefined ? undefined : { action, field };
}

function head({ description, problem }: Modal, about: Modal['about']): Item {
  const lines = [
    ...(problem ? [`⚠️ ${problem.text}`] : []),
    description,
    ...about.map(({ label, text }) => `${label}: ${text}`),
  ];
  return {
    type: ComponentType.TextDisplay,
    content: clip(lines.map((line) => literal(clip(line, LINE_MAX))).join('\n'), TEXT_TOTAL_MAX),
  };
}

/** Of a form that comes back, what was wrong stands in place of what the field is. */
function labelled(name: string, spec: OptionSpec, { values, problem }: Modal): Item {
  const description = problem?.field === name ? `⚠️ ${problem.text}` : spec.description;
  return {
    type: ComponentType.Label,
    label: clip(labelOf(name, spec), LABEL_MAX),
    description: clip(description, LABEL_DESCRIPTION_MAX),
    component: input(name, spec, values[name] ?? ''),
  };
}

/** One input for all that has no own, with what stands in it. */
function moreInput(rest: [string, OptionSpec][], { values, problem }: Modal): Item {
  const key = (name: string) => settingOf(name) ?? name;
  const lines = rest.flatMap(([name, spec]) => {
    const value = values[name] ?? '';
    return value === '' ? [] : spec.type === 'assignments' ? [value] : [assignment([key(name), value])];
  });
  const value = lines.join('\n');
  const isWrong = problem !== undefined && rest.some(([name]) => name === problem.field);
  const description = isWrong ? `⚠️ ${problem.text}` : rest.map(([name]) => key(name)).join(', ');
  return {
    type: ComponentType.Label,
    label: 'More',
    description: clip(description, LABEL_DESCRIPTION_MAX),
    component: {
      type: ComponentType.TextInput,
      custom_id: MORE,
      style: TextInputStyle.Paragraph,
      required: false,
      max_length: TEXT_INPUT_MAX,
      placeholder: clip(`${key(rest[0]![0])}=…, one on each line`, PLACEHOLDER_MAX),
      ...(value === '' ? {} : { value: beginning(value, TEXT_INPUT_MAX) }),
    },
  };
}

function input(name: string, spec: OptionSpec, value: string): APIComponentInLabel {
  const required = spec.required === true;
  if (spec.type === 'boolean')
    return { type: ComponentType.Checkbox, custom_id: name, default: value === 'true' };
  if (spec.type === 'choice' && isListable(spec))
    return {
      type: ComponentType.StringSelect,
      custom_id: name,
      required,
      min_values: required ? 1 : 0,
      max_values: 1,
      options: optionsOf(spec, value),
    };
  const isLong = spec.type === 'assignments' || (spec.type === 'text' && spec.multiline === true);
  const most = Math.min(TEXT_INPUT_MAX, (spec.type === 'text' && spec.maxLength) || TEXT_INPUT_MAX);
  return {
    type: ComponentType.TextInput,
    custom_id: name,
    style: isLong ? TextInputStyle.Paragraph : TextInputStyle.Short,
    required,
    max_length: most,
    ...(value === '' ? {} : { value: beginning(value, most) }),
  };
}

type Choice = OptionSpec & { type: 'choice' };

function isListable({ choices }: Choice): boolean {
  return (
    choices.length > 0 &&
    choices.length <= SELECT_OPTIONS_MAX &&
    choices.every(({ length }) => length <= CHOICE_MAX)
  );
}

/** The choices of a list, each with what it is. */
function optionsOf({ choices, described = {} }: Choice, value: string): APISelectMenuOption[] {
  return choices.map((choice) => ({
    label: choice,
    value: choice,
    ...(described[choice] ? { description: clip(described[choice], CHOICE_MAX) } : {}),
    ...(choice === value ? { default: true } : {}),
  }));
}
