import { useState } from 'react';

/** The picture itself, whatever grant its address carries at the moment. */
const pictureOf = (url: string) => url.replace(/\/t\/[^/]+\//, '/').replace(/[?#].*$/, '');

/**
 * Every answer of the API signs a poster anew. Keeping the first address of a picture spares the browser from fetching it
 * again at each refresh; when it has run out, the newest one takes its place.
 */
export function useSteadyPoster(url: string | null): { src: string | null; onError: () => void } {
  const [shown, setShown] = useState(url);
  const [broken, setBroken] = useState<string>();
  const stale = url !== shown && (url === null || shown === null || pictureOf(url) !== pictureOf(shown));
  if (stale) setShown(url);
  return {
    src: shown === broken ? null : shown,
    onError: () => {
      if (url !== shown) setShown(url);
      else if (url) setBroken(url);
    },
  };
}
