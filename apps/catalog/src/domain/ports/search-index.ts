import { type Facet, type VideoLength, type VideoStatus, type Visibility } from '@kinora/contracts-catalog';
import { type ReadQuery } from '../search/query';
import { type Viewer } from '../viewer';

/** A video as the index knows it. */
export interface SearchDocument {
  readonly videoId: string;
  readonly ownerId: string;
  readonly visibility: Visibility;
  readonly status: VideoStatus;
  readonly channelId: string | null;
  readonly length: VideoLength | null;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly revision: number;
}

/** What is said in a video, as the index knows it. */
export interface SearchTranscript {
  readonly videoId: string;
  /** A revision of the video at which this was its transcript. */
  readonly revision: number;
  readonly passages: readonly SpokenPassage[];
  /** The most passages that the video ever had: an index has to forget those that an older transcript had more. */
  readonly mostEver: number;
}

export interface SpokenPassage {
  readonly startMs: number;
  readonly text: string;
  readonly language: string;
}

export interface SearchQuery {
  /** What the viewer typed; without slots to browse. */
  readonly asked: ReadQuery;
  /** All must match. */
  readonly tags: readonly string[];
  readonly status?: VideoStatus | undefined;
  readonly visibility?: Visibility | undefined;
  readonly channelId?: string | undefined;
  readonly length?: VideoLength | undefined;
  readonly limit: number;
  /** Where the page before ended: as {@link SearchPage.hits} had it. */
  readonly after?: { readonly score: number; readonly videoId: string } | undefined;
}

export const facetNames = ['tags', 'visibility', 'status', 'channel', 'length'] as const;
export type FacetName = (typeof facetNames)[number];

export interface SearchHitFound {
  readonly videoId: string;
  readonly score: number;
  /** The best places in its transcript, at most {@link MOST_PASSAGES}, in the order they are said. */
  readonly passages: readonly { readonly startMs: number; readonly text: string }[];
}
export const MOST_PASSAGES = 3;

export interface SearchPage {
  /** Best first, then newest. One more than `limit` when there is another page. */
  readonly hits: readonly SearchHitFound[];
  readonly total: number;
  /** Counts within the matches. A filter does not count for its own facet, so that the siblings of a choice keep their counts. */
  readonly facets: Readonly<Record<FacetName, Facet>>;
}

export interface Suggestion {
  readonly kind: 'title' | 'tag';
  readonly text: string;
  readonly videoId?: string;
}

/**
 * Finds videos. Every slot of the query that is not optional must be found in title, tags or description, or all of them in one passage of
 * the transcript: as the beginning of a word, as another form of it in one of the languages of `domain/search/languages`, or, in title
 * and tags, as a word with typos (one from four letters on, two from eight on; swapped neighbours count as one).
 * Letter case and accents don't count. What a viewer may not find (see `isListed`) has no part in hits, totals, facets or suggestions.
 */
export interface SearchIndex {
  search(viewer: Viewer, query: SearchQuery): Promise<SearchPage>;
  /** Titles and tags with words that begin like the text, best first. */
  suggest(viewer: Viewer, text: string, limit: number): Promise<Suggestion[]>;
}

/** A document that the index will not take, however often it is tried. */
export interface Refusal {
  readonly videoId: string;
  readonly reason: string;
}

/** Keeps an index in step with the videos. An older revision never overwrites a newer one, and what was removed does not come back. */
export interface SearchWriter {
  /** @returns those that the index refused; the others are written. */
  put(documents: readonly SearchDocument[]): Promise<readonly Refusal[]>;
  /** Replaces the transcripts of these videos. */
  putTranscripts(transcripts: readonly SearchTranscript[]): Promise<readonly Refusal[]>;
  remove(videoId: string, revision: number): Promise<void>;
}

/** What an index is rebuilt from: the record. */
export interface SearchSource {
  /** Every video after that id in the order of ids, as it is now; fewer than `limit` at the end. */
  page(
    after: string | undefined,
    limit: number,
  ): Promise<{ readonly documents: readonly SearchDocument[]; readonly transcripts: readonly SearchTranscript[] }>;
  /** One of them, as it is now; undefined when it is gone. */
  find(
    videoId: string,
  ): Promise<{ readonly document: SearchDocument; readonly transcript: SearchTranscript } | undefined>;
}
