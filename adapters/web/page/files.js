import { ask, get } from './api.js';
import { html, useEffect, useState } from './htm-preact.js';
import { Refusal } from './refusal.js';

const blobs = new Map();

/** A kept file as an object URL; the same file is fetched once. */
function fileUrl(name) {
  if (!blobs.has(name)) {
    const url = ask(`/api/files/${name}`).then(async (response) => {
      if (!response.ok) throw new Refusal({ code: 'file', message: 'The file no longer exists.', hint: '' });
      return URL.createObjectURL(await response.blob());
    });
    url.catch(() => blobs.delete(name));
    blobs.set(name, url);
  }
  return blobs.get(name);
}

/** What stands in a kept file of JSON. */
export const fileJson = (name) => get(`files/${name}`);

/** A kept file by its name: its address here once it has come, or why it did not. */
export function useFile(name) {
  const [url, setUrl] = useState(null);
  const [problem, setProblem] = useState(null);
  useEffect(() => {
    let current = true;
    fileUrl(name).then(
      (value) => current && setUrl(value),
      (error) => current && setProblem(error.message),
    );
    return () => {
      current = false;
    };
  }, [name]);
  return { url, problem };
}

export function File({ file, name, bytes }) {
  const { url, problem } = useFile(file.file);
  if (problem) return html`<p class="problem">${problem}</p>`;
  return html`<p><a class="file" href=${url ?? undefined} download=${name}>${name} <small>${size(bytes)}</small></a></p>`;
}

/** In decimal units, as the terminal shows them. */
function size(bytes) {
  const unit = [
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ].find(([of]) => bytes >= of);
  return unit ? `${Number((bytes / unit[0]).toPrecision(3))} ${unit[1]}` : `${bytes} bytes`;
}
