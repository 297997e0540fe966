import { many, x } from '../rule.ts';

/** Blocks and elements as small as they may be. */
export const plain = (text: string) => ({ type: 'plain_text', text });
export const rich = (...elements: object[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});
export const words = (text = 'x') => rich({ type: 'text', text });
export const button = (index = 0, more: object = {}) => ({
  type: 'button',
  text: plain('Go'),
  action_id: `a${index}`,
  value: '1',
  ...more,
});
export const table = (rows: number, columns: number, length = 1, more: object = {}) => ({
  type: 'table',
  rows: many(rows, () => many(columns, () => words(x(length)))),
  ...more,
});
export const options = (count: number) => many(count, (index) => ({ text: plain('x'), value: `v${index}` }));
export const input = (element: object, more: object = {}) => ({
  type: 'input',
  block_id: 'name',
  label: plain('Name'),
  element: { action_id: 'input', ...element },
  ...more,
});
export const text = (more: object = {}) => input({ type: 'plain_text_input', ...more });
export const actions = (...elements: object[]) => ({ type: 'actions', elements });
