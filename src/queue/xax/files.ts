// What xax keeps in its folder (get_queue_paths in queue_state.py of 0.4.9).
export const STATE_FILE = 'queue_state.json';
export const OBSERVER_FILE = 'queue_observer.json';
/** The task's own log below its run folder. */
export const TASK_LOG = 'logs.txt';
