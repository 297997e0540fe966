import { html } from './htm-preact.js';

export function Avatar({ author }) {
  if (!author)
    return html`<span class="avatar bot"><svg viewBox="0 0 32 32"><path d="M6 10c5 0 5 13 10 13s4-8 10-8" /></svg></span>`;
  return html`<span class="avatar" data-tint=${tint(author.id)}>${author.name.slice(0, 1).toUpperCase()}</span>`;
}

function tint(id) {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + character.codePointAt(0)) % 6;
  return hash;
}
