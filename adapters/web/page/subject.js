import { plain } from './inlines.js';

/** A job's key as buttons hold it; its name is what people call it. */
const JOB_KEY = /^[^/ ]+\/([\w-]+)@[\d.]+$/;

/** What a message is about: the words of its heading; empty where it has none. */
export function subjectOf({ blocks }) {
  const heading = blocks.find(({ kind }) => kind === 'heading');
  return heading ? plain(heading.text) : '';
}

/** A button's label with what it acts on, for whoever hears it apart from its message: `Kill job-0000007 lr-3`. */
export function nameOfButton({ label, options }, subject) {
  const job = JOB_KEY.exec(options.job ?? '')?.[1] ?? '';
  const rest = subject.replace(job, '').replace(/\s+/g, ' ').trim();
  const missing = [job, rest].filter((words) => words !== '' && !label.includes(words));
  return [label, ...missing].join(' ');
}
