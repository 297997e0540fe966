// Runs in the browser, beside the page's own files.
import { Blocks } from '/page/blocks.js';
import { html, render } from '/page/htm-preact.js';

const OURS =
  /^(p|strong|code|mark|h3|dl|div|dt|dd|span|pre|button|table|thead|tbody|tr|th|td|details|summary|a|img)$/;

/** What the page makes of messages: their words, and elements that are not of its own making. */
export function draw(messages) {
  return messages.map((message) => {
    const room = document.createElement('main');
    document.body.append(room);
    render(html`<${Blocks} message=${message} onButton=${() => {}} />`, room);
    const all = [...room.querySelectorAll('*')];
    const foreign = all.filter(isForeign).map((element) => element.outerHTML.slice(0, 200));
    const alts = all.flatMap((element) => element.getAttribute('alt') ?? []);
    for (const tools of room.querySelectorAll('.tools')) tools.remove();
    const text = [room.textContent, ...alts].join('');
    render(null, room);
    room.remove();
    return { text, foreign };
  });
}

function isForeign(element) {
  const { localName, attributes } = element;
  if (!OURS.test(localName) || [...attributes].some(({ name }) => /^on|^srcdoc$|^style$/.test(name)))
    return true;
  if (localName !== 'a' && localName !== 'img') return false;
  return element.closest('a.picture') === null || element.hasAttribute('href');
}
