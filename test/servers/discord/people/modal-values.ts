import { flatten, SELECTS, TYPE } from '../components.ts';
import { isJson, type Json } from '../form.ts';
import { MODAL } from '../limits.ts';
import type { Modal } from './observe.ts';

export type ModalValues = Record<string, string | string[] | boolean>;

/** The data of a modal's submit as Discord's app would send it; throws on what it would not let through. */
export function modalData(modal: Modal, values: ModalValues): Json {
  const known = flatten(modal.components).map(({ custom_id: id }) => id);
  for (const id of Object.keys(values))
    if (!known.includes(id)) throw new Error(`The form has no field ${id}`);
  let next = 0;
  const number = () => ++next;
  const components = modal.components.map((item): Json => {
    const id = number();
    if (item.type === TYPE.label && isJson(item.component))
      return { type: TYPE.label, id, component: { ...filled(item.component, values), id: number() } };
    if (item.type === TYPE.row && Array.isArray(item.components))
      return {
        type: TYPE.row,
        id,
        components: item.components
          .filter(isJson)
          .map((child) => ({ ...filled(child, values), id: number() })),
      };
    return { type: item.type, id };
  });
  return { custom_id: modal.custom_id, components, resolved: {} };
}

function filled(input: Json, values: ModalValues): Json {
  const id = String(input.custom_id);
  const base = { type: input.type, custom_id: id };
  const refuse = (why: string) => {
    throw new Error(`The form keeps ${id} back: ${why}`);
  };
  // Everything in a modal is required unless it says otherwise (components/reference).
  const required = input.required !== false;
  if (input.type === TYPE.textInput) {
    const value = String(values[id] ?? input.value ?? '');
    if (required && value === '') refuse('it is required');
    if (value.length > Number(input.max_length ?? MODAL.textInput)) refuse('it is too long');
    if (value !== '' && value.length < Number(input.min_length ?? 0)) refuse('it is too short');
    return { ...base, value };
  }
  if (input.type === TYPE.checkbox) return { ...base, value: values[id] === true };
  const options = Array.isArray(input.options) ? input.options.filter(isJson) : [];
  const preset = options.filter((option) => option.default).map(({ value }) => String(value));
  const given = values[id] === undefined ? preset : [values[id]].flat().map(String);
  if (required && given.length === 0) refuse('it is required');
  if (options.length > 0 && given.some((value) => !options.some((option) => option.value === value)))
    refuse(`${given.join(', ')} is none of its options`);
  if (input.type === TYPE.radio) return { ...base, value: given[0] ?? null };
  const most = Number(input.max_values ?? (SELECTS.includes(Number(input.type)) ? 1 : options.length));
  if (given.length > most) refuse(`at most ${most}`);
  return { ...base, values: given };
}
