import { checkUrl } from './embeds.ts';
import { type Form, isJson, type Json } from './form.ts';
import { COMPONENTS as LIMIT } from './limits.ts';

/** components/reference: Component Types. */
export const TYPE = {
  row: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  userSelect: 5,
  roleSelect: 6,
  mentionableSelect: 7,
  channelSelect: 8,
  section: 9,
  text: 10,
  thumbnail: 11,
  gallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  upload: 19,
  radio: 21,
  checkboxes: 22,
  checkbox: 23,
} as const;

export const SELECTS: readonly number[] = [3, 5, 6, 7, 8];

/** Every component in a tree, containers before what they hold, as Discord numbers them. */
export function flatten(components: readonly unknown[]): Json[] {
  return components
    .filter(isJson)
    .flatMap((one) => [
      one,
      ...flatten(Array.isArray(one.components) ? one.components : []),
      ...flatten([one.accessory, one.component].filter(Boolean)),
    ]);
}

/** Checks a message's components, classic rows or (flag 1<<15) components V2, and gives each its numeric id. */
export function checkComponents(form: Form, value: unknown, v2: boolean): Json[] {
  const list = form.list(value, v2 ? { most: LIMIT.total } : { most: LIMIT.rows }) ?? [];
  list.forEach((component, index) => void checkTop(form.at(index), component, v2));
  const all = flatten(list);
  if (v2 && all.length > LIMIT.total)
    form.problem(
      'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
      `The total number of components exceeds ${LIMIT.total}`,
    );
  const texts = all.filter(({ type }) => type === TYPE.text);
  const length = texts.reduce((sum, { content }) => sum + [...String(content ?? '')].length, 0);
  if (v2 && length > LIMIT.textTotal)
    form.problem(
      'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
      `The total displayable text exceeds ${LIMIT.textTotal}`,
    );
  checkUnique(form, all);
  return numbered(list.filter(isJson));
}

/** Custom ids are unique within a message or a modal. */
export function checkUnique(form: Form, all: readonly Json[]): void {
  const ids = all.flatMap(({ custom_id: id }) => (typeof id === 'string' ? [id] : []));
  if (new Set(ids).size < ids.length)
    form.problem('COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
}

function numbered(components: Json[]): Json[] {
  const copy = structuredClone(components);
  const all = flatten(copy);
  const taken = new Set(all.map(({ id }) => id));
  let next = 1;
  for (const component of all)
    if (typeof component.id !== 'number' || component.id === 0) {
      while (taken.has(next)) next += 1;
      component.id = next;
      taken.add(next);
    }
  return copy;
}

const V2_TOP: readonly number[] = [1, 9, 10, 12, 13, 14, 17];
const IN_CONTAINER: readonly number[] = [1, 9, 10, 12, 13, 14];

function checkTop(form: Form, value: unknown, v2: boolean): void {
  const component = form.object(value);
  if (!component) return;
  const type = form.at('type').oneOf(component.type, v2 ? V2_TOP : [TYPE.row]);
  if (type === TYPE.row) checkRow(form, component);
  else if (type === TYPE.container) {
    const inner =
      form.at('components').list(component.components, { least: 1, most: LIMIT.total, required: true }) ?? [];
    inner.forEach((child, index) => {
      const at = form.at('components', index);
      const body = at.object(child);
      if (body && at.at('type').oneOf(body.type, IN_CONTAINER) !== undefined) checkTop(at, body, true);
    });
  } else if (type === TYPE.section) checkSection(form, component);
  else if (type === TYPE.text)
    form.at('content').text(component.content, { least: 1, most: LIMIT.textTotal, required: true });
  else if (type === TYPE.gallery) {
    const items =
      form.at('items').list(component.items, { least: 1, most: LIMIT.galleryItems, required: true }) ?? [];
    items.forEach((item, index) => void checkMedia(form.at('items', index), item, 'media'));
  } else if (type === TYPE.file) {
    checkMedia(form, component, 'file');
    if (isJson(component.file) && !String(component.file.url).startsWith('attachment://'))
      form.at('file', 'url').problem('URL_TYPE_INVALID_SCHEME', 'Scheme must be one of (attachment:).');
  }
}

function checkSection(form: Form, section: Json): void {
  const texts =
    form.at('components').list(section.components, { least: 1, most: LIMIT.sectionTexts, required: true }) ??
    [];
  texts.forEach((text, index) => {
    const at = form.at('components', index);
    const body = at.object(text);
    if (body && at.at('type').oneOf(body.type, [TYPE.text]))
      at.at('content').text(body.content, { least: 1, most: LIMIT.textTotal, required: true });
  });
  const at = form.at('accessory');
  const accessory = at.object(section.accessory);
  if (!accessory) return;
  const type = at.at('type').oneOf(accessory.type, [TYPE.button, TYPE.thumbnail]);
  if (type === TYPE.button) checkButton(at, accessory);
  else if (type === TYPE.thumbnail) checkMedia(at, accessory, 'media');
}

function checkMedia(form: Form, value: unknown, key: 'media' | 'file'): void {
  const item = form.object(value);
  if (!item) return;
  form.at('description').text(item.description, { most: LIMIT.mediaDescription });
  const media = form.at(key).object(item[key]);
  if (media) {
    if (typeof media.url !== 'string')
      form.at(key, 'url').problem('BASE_TYPE_REQUIRED', 'This field is required');
    else checkUrl(form.at(key, 'url'), media.url, true);
  }
}

function checkRow(form: Form, row: Json): void {
  const children =
    form.at('components').list(row.components, { least: 1, most: LIMIT.buttonsInRow, required: true }) ?? [];
  children.forEach((child, index) => {
    const at = form.at('components', index);
    const body = at.object(child);
    if (!body) return;
    const type = at.at('type').oneOf(body.type, [TYPE.button, ...SELECTS]);
    if (type === TYPE.button) checkButton(at, body);
    else if (type !== undefined) {
      checkSelect(at, body);
      if (children.length > 1)
        form.problem('COMPONENT_LAYOUT_WIDTH_EXCEEDED', 'The specified component exceeds the maximum width');
    }
  });
}

function checkButton(form: Form, button: Json): void {
  const style = form.at('style').oneOf(button.style, [1, 2, 3, 4, 5]);
  form.at('label').text(button.label, { most: LIMIT.label });
  if (!button.label && !button.emoji)
    form.problem('BUTTON_COMPONENT_INVALID_EMOJI_OR_LABEL', 'A button must have a label or an emoji');
  if (style === 5) {
    if (typeof button.url !== 'string' || button.custom_id)
      form.problem('BUTTON_COMPONENT_URL_REQUIRED', 'A url is required, and no custom id');
    form.at('url').text(button.url, { most: LIMIT.url });
    checkUrl(form.at('url'), button.url, false);
  } else {
    if (button.url) form.problem('BUTTON_COMPONENT_CUSTOM_ID_REQUIRED', 'A url is for link buttons only');
    checkCustomId(form, button);
  }
}

export function checkCustomId(form: Form, component: Json): void {
  form.at('custom_id').text(component.custom_id, { least: 1, most: LIMIT.customId, required: true });
}

/** A select, in a message or a modal. */
export function checkSelect(form: Form, select: Json): void {
  checkCustomId(form, select);
  form.at('placeholder').text(select.placeholder, { most: LIMIT.placeholder });
  form.at('min_values').number(select.min_values, { least: 0, most: LIMIT.options });
  form.at('max_values').number(select.max_values, { least: 1, most: LIMIT.options });
  if (select.type === TYPE.stringSelect) checkOptions(form, select, { least: 1, most: LIMIT.options });
}

export function checkOptions(form: Form, component: Json, bounds: { least: number; most: number }): void {
  const options = form.at('options').list(component.options, { ...bounds, required: true }) ?? [];
  const values = options.filter(isJson).map(({ value }) => value);
  if (new Set(values).size < values.length)
    form
      .at('options')
      .problem('SELECT_COMPONENT_OPTION_VALUE_DUPLICATED', 'The specified option value is already used');
  options.forEach((value, index) => {
    const at = form.at('options', index);
    const option = at.object(value);
    if (!option) return;
    at.at('label').text(option.label, { least: 1, most: LIMIT.optionText, required: true });
    at.at('value').text(option.value, { least: 1, most: LIMIT.optionText, required: true });
    at.at('description').text(option.description, { most: LIMIT.optionText });
  });
}
