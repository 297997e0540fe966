import { MAX } from './limits.ts';

type Json = Record<string, unknown>;

const V2 = 1 << 15;

export interface Body extends Json {
  components?: Json[];
  content?: string;
  embeds?: Json[];
  flags?: number;
  attachments?: Json[];
}

/** What Discord finds wrong with a message; none when it takes it. `files`: the names of what is attached to it. */
export function messageProblems(body: Body, files: readonly string[]): string[] {
  const found: string[] = [];
  const bad = (what: string) => void found.push(what);
  const isV2 = ((body.flags ?? 0) & V2) !== 0;
  if (!isV2) {
    if ((body.content ?? '').length > MAX.content) bad('content: BASE_TYPE_MAX_LENGTH');
    if (!body.content && !body.embeds?.length && files.length === 0) bad('empty');
    return found;
  }
  if (body.content || body.embeds?.length) bad('content: not with IS_COMPONENTS_V2');
  const all = flatten(body.components ?? []);
  if (all.length === 0) bad('empty');
  if (all.length > MAX.components) bad(`components: at most ${MAX.components}`);
  const text = all.reduce((sum, { type, content }) => sum + (type === 10 ? String(content).length : 0), 0);
  if (text > MAX.textTotal) bad('components: text is longer than 4000 in total');
  for (const [key, what] of [
    ['custom_id', 'custom_id'],
    ['id', 'id'],
  ] as const) {
    const ids = all.map((each) => each[key]).filter((id) => id !== undefined && id !== 0);
    if (new Set(ids).size < ids.length) bad(`${what}: COMPONENT_${what.toUpperCase()}_DUPLICATED`);
  }
  const shown = new Set<string>();
  for (const component of all) check(component, files, shown, bad);
  for (const name of files) if (!shown.has(name)) bad(`attachments: ${name} is not referenced`);
  return found;
}

/** What Discord finds wrong with a form. */
export function modalProblems(modal: Json): string[] {
  const found: string[] = [];
  const bad = (what: string) => void found.push(what);
  length(modal.title, 1, MAX.modalTitle, 'title', bad);
  length(modal.custom_id, 1, MAX.customId, 'custom_id', bad);
  const items = (modal.components ?? []) as Json[];
  if (items.length < 1 || items.length > MAX.modalItems) bad('components: 1 to 5');
  for (const { type, label, description, component } of items) {
    if (type === 10) continue;
    if (type !== 18) bad(`components: type ${String(type)} is not allowed`);
    length(label, 1, MAX.modalLabel, 'label', bad);
    if (description !== undefined) length(description, 0, MAX.modalDescription, 'description', bad);
    const { type: kind, custom_id, value, max_length, options } = component as Json;
    length(custom_id, 1, MAX.customId, 'custom_id', bad);
    if (kind === 4) {
      if (value !== undefined) length(value, 0, MAX.textInput, 'value', bad);
      if (max_length !== undefined && (Number(max_length) < 1 || Number(max_length) > MAX.textInput))
        bad('max_length');
    } else if (kind === 3) {
      const list = (options ?? []) as Json[];
      if (list.length < 1 || list.length > MAX.selectOptions) bad('options: 1 to 25');
      for (const each of list) {
        length(each.label, 1, 100, 'option label', bad);
        length(each.value, 1, 100, 'option value', bad);
      }
    } else bad(`component: type ${String(kind)}`);
  }
  return found;
}

/** What Discord finds wrong with declared commands. */
export function commandProblems(commands: readonly Json[]): string[] {
  const found: string[] = [];
  const bad = (what: string) => void found.push(what);
  const names = commands.map(({ name, type = 1 }) => `${String(type)}:${String(name)}`);
  if (new Set(names).size < names.length) bad('APPLICATION_COMMANDS_DUPLICATE_NAME');
  for (const command of commands) {
    if (command.type === 3) {
      length(command.name, 1, MAX.commandName, 'name', bad);
      continue;
    }
    if (total(command) > MAX.commandTotal)
      bad(`${String(command.name)}: over ${MAX.commandTotal} characters`);
    option(command, bad);
  }
  return found;
}

function option(given: Json, bad: (what: string) => void): void {
  const name = String(given.name);
  if (!/^[-_\p{L}\p{N}]{1,32}$/u.test(name) || name !== name.toLowerCase()) bad(`name ${name} is invalid`);
  length(given.description, 1, MAX.commandDescription, `${name}: description`, bad);
  const under = (given.options ?? []) as Json[];
  if (under.length > MAX.commandOptions) bad(`${name}: more than 25 options`);
  const firstOptional = under.findIndex(({ required }) => required !== true);
  if (firstOptional >= 0 && under.slice(firstOptional).some(({ required }) => required === true))
    bad(`${name}: required options come first`);
  if (new Set(under.map((each) => each.name)).size < under.length) bad(`${name}: a name is given twice`);
  const choices = (given.choices ?? []) as Json[];
  if (choices.length > MAX.choices) bad(`${name}: more than 25 choices`);
  if (choices.length > 0 && given.autocomplete === true) bad(`${name}: choices and autocomplete`);
  for (const each of choices) length(each.name, 1, MAX.choice, `${name}: choice`, bad);
  if (given.max_length !== undefined && (Number(given.max_length) < 1 || Number(given.max_length) > 6000))
    bad(`${name}: max_length`);
  for (const each of under) option(each, bad);
}

function total(given: Json): number {
  const own = String(given.name).length + String(given.description ?? '').length;
  const choices = ((given.choices ?? []) as Json[]).reduce(
    (sum, { name, value }) => sum + String(name).length + String(value).length,
    0,
  );
  return ((given.options ?? []) as Json[]).reduce((sum, each) => sum + total(each), own + choices);
}

/** Every component, nested ones too. */
export function flatten(components: readonly Json[]): Json[] {
  return components.flatMap((component) => [
    component,
    ...flatten((component.components ?? []) as Json[]),
    ...(component.accessory ? [component.accessory as Json] : []),
  ]);
}

function check(
  component: Json,
  files: readonly string[],
  shown: Set<string>,
  bad: (what: string) => void,
): void {
  const file = (url: unknown) => {
    const name = String(url).replace('attachment://', '');
    if (!String(url).startsWith('attachment://') || !files.includes(name))
      bad(`${String(url)}: no such attachment`);
    shown.add(name);
  };
  switch (component.type) {
    case 1: {
      const row = (component.components ?? []) as Json[];
      if (row.length < 1 || row.length > MAX.rowButtons) bad('an action row takes 1 to 5 buttons');
      return;
    }
    case 2:
      length(component.label, 1, MAX.label, 'label', bad);
      length(component.custom_id, 1, MAX.customId, 'custom_id', bad);
      return;
    case 9: {
      const texts = (component.components ?? []) as Json[];
      if (texts.length < 1 || texts.length > MAX.sectionTexts) bad('a section takes 1 to 3 texts');
      return;
    }
    case 10:
      length(component.content, 1, MAX.textTotal, 'content', bad);
      return;
    case 12: {
      const items = (component.items ?? []) as { media: { url: string }; description?: string }[];
      if (items.length < 1 || items.length > MAX.galleryItems) bad('a gallery takes 1 to 10 items');
      for (const { media, description } of items) {
        file(media.url);
        if (description !== undefined) length(description, 1, MAX.altText, 'description', bad);
      }
      return;
    }
    case 13:
      file((component.file as { url?: string }).url);
      return;
    case 14:
      return;
    case 17:
      if (((component.components ?? []) as Json[]).length < 1) bad('a container takes 1 component at least');
      return;
    default:
      bad(`unknown component type ${String(component.type)}`);
  }
}

function length(
  value: unknown,
  least: number,
  most: number,
  what: string,
  bad: (what: string) => void,
): void {
  if (typeof value !== 'string' || value.length < least || value.length > most)
    bad(`${what}: must be between ${least} and ${most} in length`);
}
