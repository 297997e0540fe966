import { many, type Rule, x } from '../rule.ts';

const label = (component: object, more: object = {}) => ({ type: 18, label: 'Name', component, ...more });
const input = (more: object = {}) => ({ type: 4, custom_id: 'i', style: 1, ...more });
const inputs = (count: number) => many(count, (index) => label(input({ custom_id: `i${index}` })));
const select = (more: object = {}) => ({
  type: 3,
  custom_id: 's',
  options: many(2, (index) => ({ label: 'x', value: `v${index}` })),
  ...more,
});
const modal = (components: object[], more: object = {}) => ({
  custom_id: 'form',
  title: 'Form',
  components,
  ...more,
});
const BUTTON = { type: 2, style: 1, label: 'Go', custom_id: 'b' };

/** What Discord takes of a modal, by `data` of the answer that opens it (components/reference, interactions). */
export const MODALS: Rule[] = [
  ['a title of 45', modal(inputs(1), { title: x(45) }), modal(inputs(1), { title: x(46) }), 'data.title'],
  [
    'a custom_id of 100',
    modal(inputs(1), { custom_id: x(100) }),
    modal(inputs(1), { custom_id: x(101) }),
    'data.custom_id',
  ],
  ['five inputs', modal(inputs(5)), modal(inputs(6)), 'data.components'],
  ['an input at least', modal(inputs(1)), modal([]), 'data.components'],
  [
    'a label of 45',
    modal([label(input(), { label: x(45) })]),
    modal([label(input(), { label: x(46) })]),
    'data.components.0.label',
  ],
  [
    'a description of 100',
    modal([label(input(), { description: x(100) })]),
    modal([label(input(), { description: x(101) })]),
    'data.components.0.description',
  ],
  [
    'inputs of 4000',
    modal([label(input({ max_length: 4000 }))]),
    modal([label(input({ max_length: 4001 }))]),
    'data.components.0.component.max_length',
  ],
  [
    'a value of 4000',
    modal([label(input({ value: x(4000) }))]),
    modal([label(input({ value: x(4001) }))]),
    'data.components.0.component.value',
  ],
  [
    'a placeholder of 100',
    modal([label(input({ placeholder: x(100) }))]),
    modal([label(input({ placeholder: x(101) }))]),
    'data.components.0.component.placeholder',
  ],
  [
    'no buttons',
    modal([{ type: 10, content: 'read this' }, ...inputs(1)]),
    modal([label(BUTTON)]),
    'data.components.0.component.type',
  ],
  ['one custom_id each', modal(inputs(2)), modal([label(input()), label(input())]), 'data.(whole)'],
  [
    '25 options',
    modal([label(select({ options: many(25, (index) => ({ label: 'x', value: `v${index}` })) }))]),
    modal([label(select({ options: many(26, (index) => ({ label: 'x', value: `v${index}` })) }))]),
    'data.components.0.component.options',
  ],
];
