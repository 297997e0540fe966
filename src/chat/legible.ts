import type { Completion, Modal } from '../core/adapter.ts';
import { legible, legibleLine } from '../core/unseen.ts';

/** A form as its reader is shown it. What goes along unasked stays as it is: nobody reads it, and it names what it does. */
export function legibleForm(form: Modal): Modal {
  return {
    ...form,
    title: legibleLine(form.title),
    description: legible(form.description),
    values: Object.fromEntries(
      Object.entries(form.values).map(([option, value]) => [option, legible(value)]),
    ),
    about: form.about.map(({ label, text }) => ({ label: legibleLine(label), text: legible(text) })),
    problem: form.problem && { ...form.problem, text: legible(form.problem.text) },
  };
}

/** Completions as somebody is offered them, each with a label; what is put in stays as it is: it is what is meant. */
export function legibleCompletions(completions: readonly Completion[]): Completion[] {
  return completions.map(({ insert, label, description }) => ({
    insert,
    label: legibleLine(label) || legibleLine(insert) || NAMELESS,
    description: legibleLine(description),
  }));
}

/** What has no letter that anybody sees. */
const NAMELESS = '(no name)';
