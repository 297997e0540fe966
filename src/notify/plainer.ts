import type { Message } from '../core/message.ts';
import { plainForm } from '../core/plain-form.ts';
import { FORMS } from '../store/delivery.ts';

/** A message in one of `FORMS`, by its number; what is beyond the last is like the last. */
export function inForm(message: Message, form: number): Message {
  const name = FORMS[Math.min(form, FORMS.length - 1)]!;
  return name === 'whole' ? message : plainForm(message, name === 'simple');
}
