import { html, useEffect, useLayoutEffect, useRef, useState } from './htm-preact.js';

/** Closer to the end than this counts as reading the newest, pixels. */
const NEAR_END = 80;
/** This close to the top, older messages are fetched, pixels. */
const NEAR_TOP = 400;

/** Changes when messages or answers come or go. */
export const stampOf = (messages, answers) =>
  `${messages?.at(-1)?.id}:${messages?.[0]?.id}:${answers.length}`;

/**
 * A list that stays at its end while new messages come, unless somebody has scrolled up to read; who writes (`said`: how
 * often so far) is taken to the end, where the answer appears.
 */
export function Scroll({ children, stamp, said, onTop, label }) {
  const list = useRef(null);
  const atEnd = useRef(true);
  const before = useRef({ height: 0, top: 0 });
  const [hasNew, setHasNew] = useState(false);

  const toEnd = () => {
    atEnd.current = true;
    list.current.scrollTop = list.current.scrollHeight;
    setHasNew(false);
  };
  useLayoutEffect(toEnd, [said]);
  useLayoutEffect(() => {
    const element = list.current;
    const grewAbove = before.current.top < NEAR_TOP && !atEnd.current;
    if (atEnd.current) element.scrollTop = element.scrollHeight;
    else if (grewAbove) element.scrollTop = before.current.top + element.scrollHeight - before.current.height;
    else setHasNew(true);
    before.current = { height: element.scrollHeight, top: element.scrollTop };
  }, [stamp]);

  useEffect(() => {
    const element = list.current;
    const stay = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    stay.observe(element);
    for (const child of element.children) stay.observe(child);
    return () => stay.disconnect();
  }, []);

  const onScroll = () => {
    const element = list.current;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    before.current = { height: element.scrollHeight, top: element.scrollTop };
    if (atEnd.current) setHasNew(false);
    if (element.scrollTop < NEAR_TOP) onTop?.();
  };
  return html`<div class="scroller">
    <div class="list" ref=${list} role="log" aria-live="polite" aria-label=${label} tabindex="0" onScroll=${onScroll}><div>${children}</div></div>
    ${hasNew && html`<button type="button" class="new" onClick=${toEnd}>New messages ↓</button>`}
  </div>`;
}
