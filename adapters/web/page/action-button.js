import { html, useRef, useState } from './htm-preact.js';

/**
 * A button waits for its answer before it can be pressed again, and keeps the focus meanwhile. One that is gone by then, as its
 * message was replaced, leaves the focus to that message. `name`: what it is called apart from its message.
 */
export function ActionButton({ button, name, onButton }) {
  const [busy, setBusy] = useState(false);
  const element = useRef(null);
  const press = async () => {
    if (busy) return;
    const row = element.current.closest('article');
    setBusy(true);
    try {
      await onButton(button);
    } finally {
      setBusy(false);
      if (document.activeElement === document.body) row?.focus({ preventScroll: true });
    }
  };
  return html`<button type="button" ref=${element} class=${button.style ?? 'default'} aria-label=${name} aria-disabled=${busy ? 'true' : undefined} onClick=${press}>${button.label}</button>`;
}
