/** More than this that waits for a slow page cuts its stream when there is more to send, characters; the page then resumes by itself. */
const WAITING_MAX = 256 * 1024;

export interface Outlet {
  readable: ReadableStream<Uint8Array>;
  send(text: string): void;
  close(): void;
  /** How long what was sent has waited for the page to read, milliseconds; 0: it reads. */
  unreadMs(): number;
}

/** Text on its way to one page. `onClosed` runs when the page has gone, reads too slowly, or is shown out. */
export function createOutlet(first: string, onClosed: () => void): Outlet {
  const encoder = new TextEncoder();
  let waiting = first;
  let waitingSince = performance.now();
  let isOpen = true;
  let wake = () => {};

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    waiting = '';
    onClosed();
    wake();
  }

  const readable = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (isOpen && waiting === '') {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        if (isOpen) controller.enqueue(encoder.encode(waiting));
        else controller.close();
        waiting = '';
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  );
  return {
    readable,
    close,
    unreadMs: () => (waiting === '' ? 0 : performance.now() - waitingSince),
    send(text: string): void {
      // What it has not read is too much, never the one text that comes: an answer may be long.
      if (waiting.length > first.length + WAITING_MAX) {
        close();
        return;
      }
      if (waiting === '') waitingSince = performance.now();
      waiting += text;
      wake();
    },
  };
}
