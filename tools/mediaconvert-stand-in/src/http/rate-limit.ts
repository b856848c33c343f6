/** A bucket of tokens, as AWS throttles an account's requests: so many at once, and so many a second. */
export function createRateLimit(
  { perSecond, burst }: { perSecond: number; burst: number },
  now: () => number = Date.now,
): () => boolean {
  let tokens = burst;
  let at = now();
  return () => {
    const time = now();
    tokens = Math.min(burst, tokens + ((time - at) / 1000) * perSecond);
    at = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
