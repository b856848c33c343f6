import { type Facet, type VideoStatus, type Visibility } from '@kinora/contracts-catalog';
import { type Viewer } from '../viewer';

/** A video as the index knows it. */
export interface SearchDocument {
  readonly videoId: string;
  readonly ownerId: string;
  readonly visibility: Visibility;
  readonly status: VideoStatus;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly revision: number;
}

export interface SearchQuery {
  /** What the viewer typed; empty to browse. */
  readonly text: string;
  /** All must match. */
  readonly tags: readonly string[];
  readonly status?: VideoStatus | undefined;
  readonly visibility?: Visibility | undefined;
  readonly limit: number;
  /** Where the page before ended: as {@link SearchPage.hits} had it. */
  readonly after?: { readonly score: number; readonly videoId: string } | undefined;
}

export interface SearchPage {
  /** Best first, then newest. One more than `limit` when there is another page. */
  readonly hits: readonly { readonly videoId: string; readonly score: number }[];
  readonly total: number;
  /** Counts within the matches. A filter does not count for its own facet, so that the siblings of a choice keep their counts. */
  readonly facets: {
    readonly tags: Facet;
    readonly visibility: Facet;
    readonly status: Facet;
  };
}

export interface Suggestion {
  readonly kind: 'title' | 'tag';
  readonly text: string;
  readonly videoId?: string;
}

/**
 * Finds videos. Every term of the query must be found in title, tags or description: as the beginning of a word, or, in title and tags,
 * as a word with typos (one from four letters on, two from eight on; swapped neighbours count as one).
 * Letter case and accents don't count. What a viewer may not find (see `isListed`) has no part in hits, totals, facets or suggestions.
 */
export interface SearchIndex {
  search(viewer: Viewer, query: SearchQuery): Promise<SearchPage>;
  /** Titles and tags with words that begin like the text, best first. */
  suggest(viewer: Viewer, text: string, limit: number): Promise<Suggestion[]>;
}

/** Keeps an index in step with the videos. */
export interface SearchWriter {
  /** An older revision never overwrites a newer one. */
  put(documents: readonly SearchDocument[]): Promise<void>;
  remove(videoId: string, revision: number): Promise<void>;
}
