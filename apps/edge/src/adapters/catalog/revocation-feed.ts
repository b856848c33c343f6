import { type catalogInternalContract } from '@kinora/contracts-catalog';
import { type Client } from '@kinora/contracts-common';
import { type RevocationChange } from '../../domain/revocations';

export interface RevocationFeedParts {
  readonly catalog: Pick<Client<typeof catalogInternalContract>, 'listRevocations'>;
  readonly pollMs: number;
  readonly onChange: (change: RevocationChange) => void;
  /** Called when catalog stops answering, and when it answers (again): once each, not at every poll. */
  readonly onDown: (error: unknown) => void;
  readonly onUp: () => void;
}

export interface RevocationFeed {
  /** Milliseconds since catalog last answered; undefined if it never did. */
  age(): number | undefined;
  start(): void;
  stop(): void;
}

/**
 * Asks catalog for revocations again and again, each time for those after the last answer. While catalog is away, what
 * is known stays in force; grants are short, so what is missed meanwhile ends by itself within hours.
 */
export function createRevocationFeed({ catalog, pollMs, onChange, onDown, onUp }: RevocationFeedParts): RevocationFeed {
  const stopped = new AbortController();
  let cursor: string | undefined;
  let answeredAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let up: boolean | undefined;

  const poll = async (): Promise<void> => {
    try {
      const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(2_000)]);
      const page = await catalog.listRevocations({ query: cursor === undefined ? {} : { cursor } }, { signal });
      onChange({
        grants: page.grants.map(({ grantId, expiresAt }) => ({ grantId, expiresAt: Date.parse(expiresAt) })),
        videos: page.videos.map(({ videoId, issuedUntil, expiresAt }) => ({
          videoId,
          issuedUntil: Date.parse(issuedUntil),
          expiresAt: Date.parse(expiresAt),
        })),
      });
      cursor = page.cursor;
      answeredAt = performance.now();
      if (up !== true) onUp();
      up = true;
    } catch (error) {
      if (up !== false && !stopped.signal.aborted) onDown(error);
      up = false;
    }
    if (!stopped.signal.aborted) timer = setTimeout(() => void poll(), pollMs);
  };

  return {
    age: () => (answeredAt === undefined ? undefined : performance.now() - answeredAt),
    start: () => void poll(),
    stop() {
      stopped.abort();
      clearTimeout(timer);
    },
  };
}
