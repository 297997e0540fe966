import { useEffect, useState } from './htm-preact.js';

/** As in the style sheets: so narrow that one of channels, channel and thread is shown, and of list and pane of the runs. */
const query = matchMedia('(max-width: 700px)');
const runsQuery = matchMedia('(max-width: 900px)');

export const useNarrow = () => useMatches(query);
export const useNarrowRuns = () => useMatches(runsQuery);
export const areRunsNarrow = () => runsQuery.matches;

function useMatches(media) {
  const [matches, setMatches] = useState(media.matches);
  useEffect(() => {
    const look = () => setMatches(media.matches);
    media.addEventListener('change', look);
    return () => media.removeEventListener('change', look);
  }, []);
  return matches;
}
