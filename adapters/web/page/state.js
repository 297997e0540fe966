const READ = 'xaxbot.read';

/** The page's state. Views read it and are notified of changes; only the functions here change it. */
export const state = {
  phase: 'starting',
  /** What stands in the way, in the words to show. */
  problem: null,
  /** What was said once and can be put away. */
  notice: null,
  me: null,
  about: { hostLabel: '', simulated: false },
  channels: [],
  channel: null,
  /** The chat, or the page of runs. */
  view: 'chat',
  thread: null,
  connection: 'live',
  seq: 0,
  /** The newest message that this page knows of. */
  newest: 0,
  /** The commands that this person may give. */
  commands: [],
  /** By channel: messages in order, whether older ones exist. */
  timelines: new Map(),
  /** By root: that message and the others in order; present when the thread has been opened. */
  threads: new Map(),
  /** Answers for me alone, kept nowhere but here; those that are waited for have no reply yet. */
  answers: [],
  /** What the reader was taken to last (`at`: null for the end), and in which thread; anew each time. */
  looked: null,
  form: null,
  panel: 'timeline',
  /** By channel: how many new messages in threads were not seen. */
  freshReplies: new Map(),
  read: JSON.parse(localStorage.getItem(READ) ?? '{}'),
};

const listeners = new Set();
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
export function changed() {
  for (const listener of listeners) listener();
}

export function signedOut(problem) {
  Object.assign(state, { phase: 'signed-out', problem });
  changed();
}
