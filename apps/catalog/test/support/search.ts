import { newId } from '@kinora/contracts-common';
import {
  type SearchDocument,
  type SearchIndex,
  type SearchQuery,
  type SearchWriter,
} from '../../src/domain/ports/search-index';
import { readQuery } from '../../src/domain/search/query';
import { type Synonyms } from '../../src/domain/search/synonyms';
import { type Viewer } from '../../src/domain/viewer';

export interface SearchUnderTest {
  readonly index: SearchIndex;
  /** Makes what it writes visible at once. */
  readonly writer: SearchWriter;
  close(): Promise<unknown>;
}

export const ada: Viewer = { userId: 'ada', admin: false };
export const bob: Viewer = { userId: 'bob', admin: false };
export const nobody: Viewer = { userId: null, admin: false };
export const root: Viewer = { userId: 'root', admin: true };

let time = Date.now();

/** A public video that can be watched, newer than the one before. */
export const document = (title: string, more: Partial<SearchDocument> = {}): SearchDocument => ({
  videoId: newId('vid', time++),
  ownerId: 'ada',
  visibility: 'public',
  status: 'ready',
  channelId: null,
  length: null,
  title,
  description: '',
  tags: [],
  revision: 1,
  ...more,
});

export const query = (text: string, more: Partial<SearchQuery> = {}, synonyms?: Synonyms): SearchQuery => ({
  asked: readQuery(text, synonyms),
  tags: [],
  limit: 20,
  ...more,
});
