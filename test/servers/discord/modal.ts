import {
  checkCustomId,
  checkOptions,
  checkSelect,
  checkUnique,
  flatten,
  SELECTS,
  TYPE,
} from './components.ts';
import { createForm, type Form, type Json } from './form.ts';
import { COMPONENTS, MODAL } from './limits.ts';

/** Refuses (50035) a modal that components/reference or receiving-and-responding does not allow. */
export function checkModal(value: unknown): Json {
  const form = createForm().at('data');
  const modal = form.object(value) ?? {};
  checkCustomId(form, modal);
  form.at('title').text(modal.title, { least: 1, most: MODAL.title, required: true });
  const items =
    form.at('components').list(modal.components, { least: 1, most: MODAL.items, required: true }) ?? [];
  items.forEach((value, index) => {
    const at = form.at('components', index);
    const item = at.object(value);
    if (!item) return;
    const type = at.at('type').oneOf(item.type, [TYPE.label, TYPE.text, TYPE.row]);
    if (type === TYPE.label) checkLabel(at, item);
    else if (type === TYPE.text)
      at.at('content').text(item.content, { least: 1, most: COMPONENTS.textTotal, required: true });
    else if (type === TYPE.row) checkOldRow(at, item);
  });
  checkUnique(form, flatten(items));
  form.check();
  return structuredClone(modal);
}

function checkLabel(form: Form, label: Json): void {
  form.at('label').text(label.label, { least: 1, most: MODAL.label, required: true });
  form.at('description').text(label.description, { most: MODAL.description });
  const at = form.at('component');
  const input = at.object(label.component);
  if (!input) return;
  const type = at
    .at('type')
    .oneOf(input.type, [TYPE.textInput, ...SELECTS, TYPE.upload, TYPE.radio, TYPE.checkboxes, TYPE.checkbox]);
  if (type === TYPE.textInput) checkTextInput(at, input);
  else if (type !== undefined && SELECTS.includes(type)) {
    checkSelect(at, input);
    if (input.min_values === 0 && input.required !== false)
      at.at('min_values').problem('BASE_TYPE_INVALID', 'min_values must be at least 1 when required');
    if (input.disabled)
      at.at('disabled').problem('BASE_TYPE_NOT_ALLOWED', 'Selects cannot be disabled in modals');
  } else if (type !== undefined) {
    checkCustomId(at, input);
    if (type === TYPE.radio) checkOptions(at, input, { least: MODAL.radioLeast, most: MODAL.groupMost });
    if (type === TYPE.checkboxes) checkOptions(at, input, { least: 1, most: MODAL.groupMost });
    if (type === TYPE.upload) at.at('max_values').number(input.max_values, { least: 1, most: MODAL.files });
  }
}

function checkOldRow(form: Form, row: Json): void {
  const [input] = form.at('components').list(row.components, { least: 1, most: 1, required: true }) ?? [];
  const at = form.at('components', 0);
  const body = at.object(input);
  if (!body || at.at('type').oneOf(body.type, [TYPE.textInput]) === undefined) return;
  at.at('label').text(body.label, { least: 1, most: MODAL.label, required: true });
  checkTextInput(at, body);
}

function checkTextInput(form: Form, input: Json): void {
  checkCustomId(form, input);
  form.at('style').oneOf(input.style, [1, 2]);
  form.at('min_length').number(input.min_length, { least: 0, most: MODAL.textInput });
  const most = form.at('max_length').number(input.max_length, { least: 1, most: MODAL.textInput });
  form.at('value').text(input.value, { most: most ?? MODAL.textInput });
  form.at('placeholder').text(input.placeholder, { most: MODAL.placeholder });
}
