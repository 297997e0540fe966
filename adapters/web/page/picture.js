import { useFile } from './files.js';
import { html } from './htm-preact.js';

export function Picture({ image, alt, width, height }) {
  const { url, problem } = useFile(image.file);
  if (problem) return html`<p class="problem">${problem} It showed: ${alt}</p>`;
  return html`<a class="picture" href=${url ?? undefined} target="_blank" rel="noopener" aria-label=${`${alt} (opens larger)`}>
    <img src=${url ?? undefined} alt=${alt} width=${width} height=${height} />
  </a>`;
}
