import { ComponentType as Type } from 'discord-api-types/v10';
import { z } from 'zod';
import { checkIds, customId, id, selectOptions, stringSelect, textDisplay } from './components.ts';

/** Modals (discord-api-types 0.38, components/reference, interactions/receiving-and-responding). */
const TEXT_MAX = 4000;
const required = z.boolean().optional();

const textInput = z
  .strictObject({
    type: z.literal(Type.TextInput),
    id,
    custom_id: customId,
    style: z.union([z.literal(1), z.literal(2)]),
    min_length: z.int().min(0).max(TEXT_MAX).optional(),
    max_length: z.int().min(1).max(TEXT_MAX).optional(),
    required,
    value: z.string().max(TEXT_MAX).optional(),
    placeholder: z.string().max(100).optional(),
  })
  .refine(
    ({ value = '', max_length = TEXT_MAX }) => value.length <= max_length,
    'value is longer than max_length',
  )
  .refine(
    ({ min_length = 0, max_length = TEXT_MAX }) => min_length <= max_length,
    'min_length is above max_length',
  );

const select = stringSelect({ required }).refine(
  (given) => (given as { required?: boolean }).required === false || given.min_values !== 0,
  'min_values of 0 where an answer is required',
);

const group = (type: Type.RadioGroup | Type.CheckboxGroup, least: number) =>
  z.strictObject({
    type: z.literal(type),
    id,
    custom_id: customId,
    options: selectOptions(least, 10),
    required,
    ...(type === Type.CheckboxGroup
      ? { min_values: z.int().min(0).max(10).optional(), max_values: z.int().min(1).max(10).optional() }
      : {}),
  });

const label = z.strictObject({
  type: z.literal(Type.Label),
  id,
  label: z.string().min(1).max(45),
  description: z.string().min(1).max(100).optional(),
  component: z.discriminatedUnion('type', [
    textInput,
    select,
    group(Type.RadioGroup, 2),
    group(Type.CheckboxGroup, 1),
    z.strictObject({
      type: z.literal(Type.Checkbox),
      id,
      custom_id: customId,
      default: z.boolean().optional(),
    }),
  ]),
});

export const modal = z
  .strictObject({
    custom_id: customId,
    title: z.string().min(1).max(45),
    components: z
      .array(z.discriminatedUnion('type', [label, textDisplay]))
      .min(1)
      .max(5),
  })
  .superRefine(({ components }, context) => checkIds(components, context));
