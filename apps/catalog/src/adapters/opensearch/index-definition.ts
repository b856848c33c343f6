/** The alias that everything reads and writes; the index behind it can be replaced without anyone noticing. */
export const ALIAS = 'kinora-videos';
/** A mapping that changes in a way OpenSearch can't take in place is a new index with a new number. */
export const INDEX = 'kinora-videos-1';

/** The service folds and cuts words itself (domain/search/text), so that both indexes agree on what a word is. */
export const definition = {
  settings: {
    number_of_shards: 1,
    auto_expand_replicas: '0-1',
    analysis: { analyzer: { words: { type: 'custom' as const, tokenizer: 'whitespace' } } },
  },
  mappings: {
    dynamic: 'strict' as const,
    properties: {
      videoId: { type: 'keyword' as const },
      ownerId: { type: 'keyword' as const },
      visibility: { type: 'keyword' as const },
      status: { type: 'keyword' as const },
      title: { type: 'keyword' as const, index: false, doc_values: false },
      tags: { type: 'keyword' as const },
      foldedTitle: { type: 'keyword' as const },
      titleWords: { type: 'text' as const, analyzer: 'words', norms: false },
      tagWords: { type: 'text' as const, analyzer: 'words', norms: false },
      descriptionWords: { type: 'text' as const, analyzer: 'words' },
    },
  },
};
