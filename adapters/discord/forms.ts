import {
  type APIComponentInLabel,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  TextInputStyle,
} from 'discord-api-types/v10';
import type { Modal } from '../../src/core/adapter.ts';
import type { Actions } from '../../src/core/door.ts';
import { clip } from '../../src/core/fit.ts';
import type { OptionSpec } from '../../src/core/options.ts';
import {
  CHOICE_MAX,
  LABEL_DESCRIPTION_MAX,
  LABEL_MAX,
  MODAL_ITEMS_MAX,
  MODAL_TITLE_MAX,
  SELECT_OPTIONS_MAX,
  TEXT_INPUT_MAX,
} from './limits.ts';

const FORM = 'form:';

/**
 * A command's form. What is settled (the job of a button) stands behind the form's id. Discord has room for five
 * inputs: the required ones come first, and what is left out can be given in the slash command.
 */
export function formOf(
  modal: Modal,
  presets: string[],
  actions: Actions,
): APIModalInteractionResponseCallbackData {
  const fixed = Object.fromEntries(
    Object.entries(modal.values).filter(([name]) => modal.fields[name]?.type === 'job'),
  );
  const asked = Object.entries(modal.fields).filter(([name]) => !(name in fixed));
  const required = asked.filter(([, spec]) => spec.required);
  const others = asked.filter(([, spec]) => !spec.required);
  return {
    custom_id: `${FORM}${actions.idOf({ command: modal.command, options: fixed, form: true })}`,
    title: clip(modal.title, MODAL_TITLE_MAX),
    components: [...required, ...others].slice(0, MODAL_ITEMS_MAX).map(([name, spec]) => ({
      type: ComponentType.Label,
      label: clip(name, LABEL_MAX),
      description: clip(spec.description, LABEL_DESCRIPTION_MAX),
      component: input(name, spec, modal.values[name] ?? '', presets),
    })),
  };
}

/** The id of what a form is settled on; undefined for something that is no form of ours. */
export function formAction(customId: string): string | undefined {
  return customId.startsWith(FORM) ? customId.slice(FORM.length) : undefined;
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
    ...(value === '' ? {} : { value: value.slice(0, TEXT_INPUT_MAX) }),
  };
}
