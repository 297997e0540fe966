import {
  type APIComponentInLabel,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  TextInputStyle,
} from 'discord-api-types/v10';
import type { Modal } from '../../src/core/adapter.ts';
import type { Actions } from '../../src/core/adapter-ports.ts';
import { beginning, clip } from '../../src/core/clip.ts';
import { labelOf, type OptionSpec } from '../../src/core/options.ts';
import {
  CHOICE_MAX,
  LABEL_DESCRIPTION_MAX,
  LABEL_MAX,
  MODAL_ITEMS_MAX,
  MODAL_TITLE_MAX,
  SELECT_OPTIONS_MAX,
  TEXT_INPUT_MAX,
  TEXT_TOTAL_MAX,
} from './limits.ts';
import { literal } from './text.ts';

const FORM = 'form:';
/** This much is shown of each line above the inputs, characters. */
const LINE_MAX = 500;

/**
 * A command's form. What is settled (the job of a button) stands behind the form's id, and `opening` after it: the interaction
 * that it answers. Discord has room for five
 * inputs: the required ones come first, and what is left out can be given in the slash command.
 */
export function formOf(
  modal: Modal,
  presets: string[],
  { actions, opening }: { actions: Actions; opening: string },
): APIModalInteractionResponseCallbackData {
  const asked = Object.entries(modal.fields);
  const inputs = [
    ...asked.filter(([, spec]) => spec.required),
    ...asked.filter(([, spec]) => !spec.required),
  ].map(([name, spec]): APIModalInteractionResponseCallbackData['components'][number] => ({
    type: ComponentType.Label,
    label: clip(labelOf(name, spec), LABEL_MAX),
    description: clip(spec.description, LABEL_DESCRIPTION_MAX),
    component: input(name, spec, modal.values[name] ?? '', presets),
  }));
  const lines = [modal.description, ...modal.about.map(({ label, text }) => `${label}: ${text}`)];
  // What it is about is worth an input; what sending it does is said where there is room.
  const hasRoom = modal.about.length > 0 || inputs.length < MODAL_ITEMS_MAX;
  const head = hasRoom
    ? [
        {
          type: ComponentType.TextDisplay as const,
          content: clip(lines.map((line) => literal(clip(line, LINE_MAX))).join('\n'), TEXT_TOTAL_MAX),
        },
      ]
    : [];
  return {
    custom_id: `${FORM}${actions.idOf({ command: modal.command, options: modal.fixed, form: true, replaces: false })}:${opening}`,
    title: clip(modal.title, MODAL_TITLE_MAX),
    components: [...head, ...inputs].slice(0, MODAL_ITEMS_MAX),
  };
}

/** The id of what a form is settled on, and of its opening; undefined for something that is no form of ours. */
export function formParts(customId: string): { action: string; opening: string | undefined } | undefined {
  if (!customId.startsWith(FORM)) return undefined;
  const [action = '', opening] = customId.slice(FORM.length).split(':');
  return { action, opening };
}

function input(name: string, spec: OptionSpec, value: string, presets: string[]): APIComponentInLabel {
  const required = spec.required === true;
  const choices =
    spec.type === 'choice'
      ? spec.choices
      : spec.type === 'boolean'
        ? ['yes', 'no']
        : spec.type === 'preset'
          ? presets
          : [];
  if (choices.length > 0 && choices.length <= SELECT_OPTIONS_MAX) {
    return {
      type: ComponentType.StringSelect,
      custom_id: name,
      required,
      min_values: required ? 1 : 0,
      max_values: 1,
      options: choices
        .filter((choice) => choice.length <= CHOICE_MAX)
        .map((choice) => ({ label: choice, value: choice, ...(choice === value ? { default: true } : {}) })),
    };
  }
  const isLong = spec.type === 'assignments' || (spec.type === 'text' && spec.multiline === true);
  return {
    type: ComponentType.TextInput,
    custom_id: name,
    style: isLong ? TextInputStyle.Paragraph : TextInputStyle.Short,
    required,
    max_length: TEXT_INPUT_MAX,
    ...(value === '' ? {} : { value: beginning(value, TEXT_INPUT_MAX) }),
  };
}
