type Json = Record<string, unknown>;

/** What stands in a form's inputs: the whole of it as Slack sends it, by block and input. */
export type FormState = Record<string, Record<string, Json>>;

/** What somebody entered in an open form, by `block/input`: views.update keeps it where both names stay. */
export type Entered = Record<string, string>;

/** What stands in the inputs of a form: what was entered, else what they began with. An empty text is an emptied input. */
export function stateOf(view: Json, entered: Entered): FormState {
  return Object.fromEntries(
    inputsIn(view).map(({ block_id, element }) => {
      const { action_id } = element;
      const value = entered[nameOf(block_id, action_id)];
      return [String(block_id), { [String(action_id)]: filled(element, value) }];
    }),
  );
}

/** The same values under the names that this form's inputs have. */
export function enteredIn(view: Json, values: Record<string, string>): Entered {
  const inputs = inputsIn(view);
  return Object.fromEntries(
    Object.entries(values).map(([block, value]) => {
      const input = inputs.find(({ block_id }) => block_id === block);
      if (!input) throw new Error(`the form has no field ${block}`);
      return [nameOf(block, input.element.action_id), value];
    }),
  );
}

/** What Slack's app says beside an input before it sends a form; nothing where it sends it. */
export function keptBack(view: Json, state: FormState): string[] {
  return inputsIn(view).flatMap(({ block_id, element, optional }) => {
    const given = state[String(block_id)]![String(element.action_id)]!;
    const options = given.selected_options as Json[] | undefined;
    const chosen = options ? options[0] : given.selected_option;
    const value = String((chosen as Json | undefined)?.value ?? given.value ?? '');
    if (value === '') return optional === true ? [] : [`${String(block_id)}: it is required`];
    if (element.type !== 'number_input') return [];
    const number = Number(value);
    const isWithin =
      Number.isInteger(number) &&
      number >= Number(element.min_value ?? Number.NEGATIVE_INFINITY) &&
      number <= Number(element.max_value ?? Number.POSITIVE_INFINITY);
    return isWithin ? [] : [`${String(block_id)}: ${value} is no number that it takes`];
  });
}

function inputsIn({ blocks }: Json): (Json & { element: Json })[] {
  return ((blocks ?? []) as Json[]).filter(({ type }) => type === 'input') as (Json & { element: Json })[];
}

function nameOf(block: unknown, action: unknown): string {
  return `${String(block)}/${String(action)}`;
}

function filled(element: Json, value: string | undefined): Json {
  const { type, initial_value, initial_option, initial_options } = element;
  const option = (each: string) =>
    ((element.options ?? []) as Json[]).find((known) => known.value === each) ?? {
      text: { type: 'plain_text', text: each },
      value: each,
    };
  if (type === 'checkboxes')
    return {
      type,
      selected_options: value === undefined ? (initial_options ?? []) : value === '' ? [] : [option(value)],
    };
  if (String(type).includes('select'))
    return {
      type,
      selected_option: value === undefined ? (initial_option ?? null) : value === '' ? null : option(value),
    };
  return { type, value: value === undefined ? (initial_value ?? null) : value === '' ? null : value };
}
