import { html, useEffect, useLayoutEffect, useRef, useState } from './htm-preact.js';

/** Closer to the end than this counts as reading the newest, pixels. */
const NEAR_END = 80;
/** This close to the top, older messages are fetched, pixels. */
const NEAR_TOP = 400;
/** What stays free above what is looked at, pixels. */
const GAP = 8;

/**
 * A list that keeps its place by itself until somebody scrolls: at its end while new messages come, or with what is looked at in
 * view (`looked`: anew for each question and each answer), from its beginning where not all of it fits.
 */
export function Scroll({ children, messages, looked, onTop, label }) {
  const list = useRef(null);
  const place = useRef({ follows: true, at: null, top: 0, height: 0, oldest: undefined, newest: undefined });
  const [hasNew, setHasNew] = useState(false);

  function moveTo(top) {
    const element = list.current;
    element.scrollTop = top;
    Object.assign(place.current, { top: element.scrollTop, height: element.scrollHeight });
    if (endOf(element) - element.scrollTop < NEAR_END) setHasNew(false);
  }
  const stay = () => place.current.follows && moveTo(wantedTop(list.current, place.current.at));

  useLayoutEffect(() => {
    Object.assign(place.current, { follows: true, at: looked?.at ?? null });
    stay();
  }, [looked]);

  const oldest = messages?.[0]?.id;
  const newest = messages?.at(-1)?.id;
  useLayoutEffect(() => {
    const { follows, top, height, ...before } = place.current;
    if (follows) stay();
    else if (before.oldest !== oldest) moveTo(top + list.current.scrollHeight - height);
    if (before.newest !== newest && endOf(list.current) - list.current.scrollTop > NEAR_END) setHasNew(true);
    Object.assign(place.current, { oldest, newest });
  }, [oldest, newest]);

  useEffect(() => {
    const resized = new ResizeObserver(stay);
    resized.observe(list.current);
    for (const child of list.current.children) resized.observe(child);
    return () => resized.disconnect();
  }, []);

  function onScroll() {
    // Heard of after the view was left.
    if (!list.current) return;
    const { scrollTop, scrollHeight } = list.current;
    if (scrollTop < NEAR_TOP) onTop?.();
    if (Math.abs(scrollTop - place.current.top) <= 2) return;
    const follows = endOf(list.current) - scrollTop < NEAR_END;
    Object.assign(place.current, { follows, at: null, top: scrollTop, height: scrollHeight });
    if (follows) setHasNew(false);
  }

  function toEnd() {
    Object.assign(place.current, { follows: true, at: null });
    stay();
  }

  return html`<div class="scroller">
    <div class="list" ref=${list} role="log" aria-live="polite" aria-label=${label} tabindex="0" onScroll=${onScroll}><div>${children}</div></div>
    ${hasNew && html`<button type="button" class="new" onClick=${toEnd}>New messages ↓</button>`}
  </div>`;
}

const endOf = ({ scrollHeight, clientHeight }) => scrollHeight - clientHeight;

/** The end; or, as near to where the list stands as can be, where what is looked at is in view, its beginning first. */
function wantedTop(list, at) {
  const row = at && list.querySelector(`[data-at="${CSS.escape(at)}"]`);
  if (!row) return endOf(list);
  const beginning = row.offsetTop - GAP;
  // A message that asks is followed by its answer.
  const last = at.startsWith('message-') ? (row.nextElementSibling ?? row) : row;
  const end = last.offsetTop + last.offsetHeight + GAP - list.clientHeight;
  return Math.min(beginning, Math.max(end, list.scrollTop));
}
