/** First and longest pause before another try, milliseconds. */
const FIRST = 500;
const LONGEST = 15_000;

const waiting = new Set();

/** Tries again at once whatever waits for its next try. */
export function hurry() {
  for (const resume of [...waiting]) resume();
}

addEventListener('online', hurry);
document.addEventListener('visibilitychange', () => document.hidden || hurry());

/** Pauses between tries, each about twice as long as the one before, until `reset`. */
export function createPauses() {
  let next = FIRST;
  return {
    reset() {
      next = FIRST;
    },
    wait() {
      const length = next * (0.75 + Math.random() / 2);
      next = Math.min(LONGEST, next * 2);
      return new Promise((resolve) => {
        const resume = () => {
          clearTimeout(timer);
          waiting.delete(resume);
          resolve();
        };
        const timer = setTimeout(resume, length);
        waiting.add(resume);
      });
    },
  };
}
