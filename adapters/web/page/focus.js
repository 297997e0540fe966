import { useEffect } from './htm-preact.js';

/** Where the focus is put into a field unasked: not on a touch screen, whose keyboard would cover the chat, nor where it is elsewhere. */
const mayTake = () =>
  document.activeElement === document.body && matchMedia('(hover: hover) and (pointer: fine)').matches;

/** A field that has the focus from its beginning, and takes what is typed while nothing else has it. */
export function useTyping(field) {
  useEffect(() => {
    if (mayTake()) field.current.focus({ preventScroll: true });
    const onKeyDown = (event) => {
      const isText =
        event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (isText && mayTake()) field.current.focus();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
