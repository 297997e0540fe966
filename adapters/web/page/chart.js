import { loadCharts } from './chart-library.js';
import { fileJson } from './files.js';
import { html, useEffect, useRef, useState } from './htm-preact.js';
import { Picture } from './picture.js';

/** This far out of view a chart is made ready, and further it is its place alone again, which costs nothing. */
const NEAR = '600px';

/** A chart, drawn here from its data once it comes near the view; where that fails it is its picture, which the bot draws for it. */
export function Chart(block) {
  const figure = useRef(null);
  const [isNear, setNear] = useState(false);
  const [ready, setReady] = useState(null);
  const [failed, setFailed] = useState(false);
  const view = useRef({});
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        // A busy page hears of several changes at once; the last is how it is.
        const entry = entries.at(-1);
        // What it took up stays taken up, so that nothing jumps.
        if (!entry.isIntersecting && figure.current.offsetHeight > 0)
          figure.current.style.minHeight = `${figure.current.offsetHeight}px`;
        setNear(entry.isIntersecting);
      },
      // Of the list that it scrolls in: a margin counts around that one alone.
      { root: figure.current.closest('.list'), rootMargin: NEAR },
    );
    observer.observe(figure.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (!isNear) return undefined;
    let current = true;
    Promise.all([loadCharts(), fileJson(block.live.file)]).then(
      ([{ Live, library }, data]) => current && setReady({ Live, library, data }),
      () => current && setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [isNear, block.live.file]);
  useEffect(() => {
    if (isNear && ready) figure.current.style.minHeight = '';
  }, [isNear, ready]);
  return html`<figure class="chart" ref=${figure}>
    ${
      isNear && ready
        ? html`<${ready.Live} ...${ready} block=${block} view=${view.current} />`
        : failed
          ? html`<${Picture} ...${block} />`
          : html`<div role="img" aria-label=${block.alt} style=${{ aspectRatio: `${block.width} / ${block.height}` }}></div>`
    }
  </figure>`;
}
