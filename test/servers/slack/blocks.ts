import { MAX } from './limits.ts';

type Json = Record<string, unknown>;

export interface Checks {
  surface: 'message' | 'modal' | 'home';
  /** Whether a file can be shown: it is known, and Slack has looked at it. */
  fileReady(id: string): boolean;
}

/** What Slack finds wrong with blocks, in its words; none when it takes them. */
export function problemsOf(blocks: unknown, { surface, fileReady }: Checks): string[] {
  const found: string[] = [];
  const bad = (what: string) => void found.push(what);
  if (!Array.isArray(blocks)) return ['blocks must be an array'];
  const most = surface === 'message' ? MAX.blocks.message : MAX.blocks.view;
  if (blocks.length > most) bad(`no more than ${most} items allowed`);
  unique(
    blocks.map((block) => (block as Json).block_id),
    'block_id',
    bad,
  );
  if (blocks.filter(({ type }) => type === 'table').length > 1) bad('only_one_table_allowed');
  for (const block of blocks as Json[]) checkBlock(block, surface, fileReady, bad);
  return found;
}

function checkBlock(
  block: Json,
  surface: Checks['surface'],
  fileReady: Checks['fileReady'],
  bad: (what: string) => void,
): void {
  length(block.block_id, MAX.blockId, 'block_id', bad);
  switch (block.type) {
    case 'divider':
      return;
    case 'header':
      text(block.text, MAX.header, ['plain_text'], 'header', bad);
      return;
    case 'section': {
      if (block.text === undefined && block.fields === undefined) bad('section needs text or fields');
      if (block.text !== undefined)
        text(block.text, MAX.sectionText, ['plain_text', 'mrkdwn'], 'section', bad);
      const fields = (block.fields ?? []) as unknown[];
      if (fields.length > MAX.sectionFields) bad('too many fields');
      for (const field of fields) text(field, MAX.sectionField, ['plain_text', 'mrkdwn'], 'field', bad);
      return;
    }
    case 'context': {
      const elements = list(block.elements, 'context', bad);
      if (elements.length === 0 || elements.length > MAX.contextElements)
        bad('context takes 1 to 10 elements');
      return;
    }
    case 'rich_text':
      for (const section of list(block.elements, 'rich_text', bad)) richText(section as Json, bad);
      return;
    case 'image': {
      text({ type: 'plain_text', text: block.alt_text }, MAX.altText, ['plain_text'], 'alt_text', bad);
      const file = block.slack_file as { id?: string; url?: string } | undefined;
      if ((file === undefined) === (block.image_url === undefined))
        bad('image needs image_url or slack_file');
      if (file && (file.id === undefined) === (file.url === undefined)) bad('slack_file needs id or url');
      if (file?.id !== undefined && !fileReady(file.id)) bad('invalid slack file');
      return;
    }
    case 'actions': {
      const elements = list(block.elements, 'actions', bad) as Json[];
      if (elements.length === 0 || elements.length > MAX.actionsElements)
        bad('actions takes 1 to 25 elements');
      unique(
        elements.map(({ action_id }) => action_id),
        'action_id',
        bad,
      );
      for (const element of elements) checkElement(element, bad);
      return;
    }
    case 'table': {
      if (surface !== 'message') bad('unsupported type: table');
      const rows = list(block.rows, 'table', bad) as unknown[][];
      if (rows.length === 0 || rows.length > MAX.tableRows) bad('a table takes 1 to 100 rows');
      for (const row of rows) {
        if (row.length === 0 || row.length > MAX.tableColumns) bad('a table takes 1 to 20 columns');
        for (const cell of row as Json[]) {
          if (cell.type === 'rich_text')
            for (const section of list(cell.elements, 'cell', bad)) richText(section as Json, bad);
          else if (cell.type !== 'raw_text' || typeof cell.text !== 'string' || cell.text === '')
            bad('invalid cell');
        }
      }
      return;
    }
    case 'input': {
      if (surface === 'message') bad('unsupported type: input');
      text(block.label, MAX.inputLabel, ['plain_text'], 'label', bad);
      if (block.hint !== undefined) text(block.hint, MAX.inputHint, ['plain_text'], 'hint', bad);
      checkElement(block.element as Json, bad);
      return;
    }
    default:
      bad(`unsupported type: ${String(block.type)}`);
  }
}

function checkElement(element: Json, bad: (what: string) => void): void {
  length(element.action_id, MAX.actionId, 'action_id', bad);
  switch (element.type) {
    case 'button':
      text(element.text, MAX.buttonText, ['plain_text'], 'button', bad);
      length(element.value, MAX.buttonValue, 'value', bad);
      length(element.url, MAX.buttonUrl, 'url', bad);
      if (element.style !== undefined && !['primary', 'danger'].includes(String(element.style)))
        bad('invalid style');
      return;
    case 'static_select': {
      const options = list(element.options, 'options', bad) as Json[];
      if (options.length === 0 || options.length > MAX.selectOptions) bad('a select takes 1 to 100 options');
      for (const option of options) checkOption(option, bad);
      const initial = element.initial_option as Json | undefined;
      if (initial && !options.some((option) => JSON.stringify(option) === JSON.stringify(initial)))
        bad('initial_option is no option');
      return;
    }
    case 'external_select':
      if (element.initial_option !== undefined) checkOption(element.initial_option as Json, bad);
      return;
    case 'checkboxes':
      for (const option of list(element.options, 'options', bad) as Json[]) checkOption(option, bad);
      return;
    case 'number_input':
      if (typeof element.is_decimal_allowed !== 'boolean') bad('is_decimal_allowed is missing');
      length(element.initial_value, MAX.plainInput, 'initial_value', bad);
      return;
    case 'plain_text_input':
      length(element.initial_value, MAX.plainInput, 'initial_value', bad);
      if (Number(element.max_length ?? 1) > MAX.plainInput) bad('max_length is too high');
      return;
    default:
      bad(`unsupported element: ${String(element.type)}`);
  }
}

export function checkOption(option: Json, bad: (what: string) => void): void {
  text(option.text, MAX.optionText, ['plain_text'], 'option', bad);
  if (option.description !== undefined)
    text(option.description, MAX.optionText, ['plain_text'], 'option description', bad);
  if (typeof option.value !== 'string' || option.value === '') bad('option needs a value');
  length(option.value, MAX.optionValue, 'option value', bad);
}

function richText(section: Json, bad: (what: string) => void): void {
  if (
    !['rich_text_section', 'rich_text_preformatted', 'rich_text_quote', 'rich_text_list'].includes(
      String(section.type),
    )
  ) {
    bad(`invalid rich text: ${String(section.type)}`);
    return;
  }
  const elements = list(section.elements, String(section.type), bad) as Json[];
  if (elements.length === 0) bad('rich text without elements');
  for (const element of elements) {
    const needs: Record<string, string> = {
      text: 'text',
      link: 'url',
      user: 'user_id',
      emoji: 'name',
      date: 'timestamp',
    };
    const key = needs[String(element.type)];
    if (key === undefined) bad(`invalid element: ${String(element.type)}`);
    else if (element[key] === undefined || element[key] === '') bad(`${String(element.type)} needs ${key}`);
    if (element.type === 'date' && !/\{(date|time|ago)/.test(String(element.format)))
      bad('date needs a format');
  }
}

/** What Slack finds wrong with a view. */
export function viewProblems(view: Json, fileReady: Checks['fileReady']): string[] {
  const found: string[] = [];
  const bad = (what: string) => void found.push(what);
  const surface = view.type === 'home' ? 'home' : 'modal';
  if (surface === 'modal') {
    for (const part of ['title', 'submit', 'close'] as const)
      if (view[part] !== undefined || part === 'title')
        text(view[part], MAX.viewTitle, ['plain_text'], part, bad);
    const blocks = (view.blocks ?? []) as Json[];
    if (view.submit === undefined && blocks.some(({ type }) => type === 'input')) bad('submit is missing');
  }
  length(view.callback_id, MAX.callbackId, 'callback_id', bad);
  length(view.private_metadata, MAX.privateMetadata, 'private_metadata', bad);
  return [...found, ...problemsOf(view.blocks, { surface, fileReady })];
}

function text(
  value: unknown,
  most: number,
  types: readonly string[],
  what: string,
  bad: (what: string) => void,
): void {
  const object = value as { type?: string; text?: unknown } | undefined;
  if (!object || !types.includes(object.type ?? '')) bad(`${what}: invalid text object`);
  else if (typeof object.text !== 'string' || object.text.length === 0)
    bad(`${what}: must be more than 0 characters`);
  else if (object.text.length > most) bad(`${what}: must be less than ${most + 1} characters`);
}

function length(value: unknown, most: number, what: string, bad: (what: string) => void): void {
  if (value !== undefined && (typeof value !== 'string' || value.length > most))
    bad(`${what}: must be less than ${most + 1} characters`);
}

function list(value: unknown, what: string, bad: (what: string) => void): unknown[] {
  if (Array.isArray(value)) return value;
  bad(`${what}: elements are missing`);
  return [];
}

function unique(values: readonly unknown[], what: string, bad: (what: string) => void): void {
  const given = values.filter((value) => value !== undefined);
  if (new Set(given).size < given.length) bad(`${what} already exists`);
}
