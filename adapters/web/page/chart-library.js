let loading;

/** What draws charts, fetched once, when the first one comes into view: `Live`, and Chart.js as its `library`. */
export function loadCharts() {
  loading ??= Promise.all([import('./chart-live.js'), import('./chart-js.js')]).then(([{ Live }]) => ({
    Live,
    library: globalThis.Chart,
  }));
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}
