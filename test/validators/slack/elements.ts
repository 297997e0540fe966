import { z } from 'zod';
import { findRepeated } from '../problems.ts';
import { confirm, id, option, plain } from './objects.ts';

/** Block elements (@slack/types 3.2.0): those that act, and those that take what people fill in. */
const TEXT_INPUT_MAX = 3000;
const placeholder = plain(150).optional();
const focus_on_load = z.boolean().optional();

const options = (most: number) =>
  z
    .array(option)
    .min(1)
    .max(most)
    .superRefine((all, context) =>
      findRepeated(
        all.map(({ value }) => value),
        (value) => context.addIssue(`the value ${String(value)} occurs twice`),
      ),
    );
const isAmong = (all: readonly object[], one: object | undefined) =>
  one === undefined || all.some((each) => JSON.stringify(each) === JSON.stringify(one));

const button = z.strictObject({
  type: z.literal('button'),
  text: plain(75),
  action_id: id,
  value: z.string().min(1).max(2000).optional(),
  url: z.url().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: z.string().max(75).optional(),
  confirm: confirm.optional(),
});

const staticSelect = z
  .strictObject({
    type: z.literal('static_select'),
    action_id: id,
    options: options(100),
    initial_option: option.optional(),
    placeholder,
    confirm: confirm.optional(),
    focus_on_load,
  })
  .refine(
    (select) => isAmong(select.options, select.initial_option),
    'initial_option is none of the options',
  );

const externalSelect = z.strictObject({
  type: z.literal('external_select'),
  action_id: id,
  initial_option: option.optional(),
  min_query_length: z.int().min(0).optional(),
  placeholder,
  confirm: confirm.optional(),
  focus_on_load,
});

const textInput = z
  .strictObject({
    type: z.literal('plain_text_input'),
    action_id: id,
    initial_value: z.string().max(TEXT_INPUT_MAX).optional(),
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(TEXT_INPUT_MAX).optional(),
    max_length: z.int().min(1).max(TEXT_INPUT_MAX).optional(),
    placeholder,
    focus_on_load,
  })
  .refine(
    ({ initial_value = '', max_length = TEXT_INPUT_MAX }) => initial_value.length <= max_length,
    'initial_value is longer than max_length',
  );

const numberInput = z.strictObject({
  type: z.literal('number_input'),
  action_id: id,
  is_decimal_allowed: z.boolean(),
  initial_value: z.string().optional(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
  placeholder,
  focus_on_load,
});

const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  action_id: id,
  options: options(10),
  initial_options: z.array(option).min(1).optional(),
  focus_on_load,
});

const radioButtons = z
  .strictObject({
    type: z.literal('radio_buttons'),
    action_id: id,
    options: options(10),
    initial_option: option.optional(),
    focus_on_load,
  })
  .refine((radio) => isAmong(radio.options, radio.initial_option), 'initial_option is none of the options');

const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: id,
  options: options(5),
  confirm: confirm.optional(),
});

export const actionElement = z.discriminatedUnion('type', [
  button,
  staticSelect,
  externalSelect,
  checkboxes,
  radioButtons,
  overflow,
]);

export const inputElement = z.discriminatedUnion('type', [
  staticSelect,
  externalSelect,
  textInput,
  numberInput,
  checkboxes,
  radioButtons,
]);
