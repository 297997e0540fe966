import { useEffect, useState } from './htm-preact.js';

/** As in the style sheets: so narrow that one of channels, channel and thread is shown. */
const query = matchMedia('(max-width: 700px)');

export function useNarrow() {
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const look = () => setNarrow(query.matches);
    query.addEventListener('change', look);
    return () => query.removeEventListener('change', look);
  }, []);
  return narrow;
}
