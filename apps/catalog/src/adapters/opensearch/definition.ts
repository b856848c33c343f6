import { createHash } from 'node:crypto';
import { type Language, languages, stemmers } from '../../domain/search/languages';

/** What everything reads, and what live changes are written to; the index behind it can be replaced without anyone noticing. */
export const LIVE = 'kinora-videos';
/** The index that is being built, while one is: live changes are written there too. */
export const NEXT = 'kinora-videos-next';

const analyzerOf = (language: Language) => ({
  type: 'custom' as const,
  tokenizer: 'whitespace',
  filter: [`stems_${language}`],
});

const perLanguage = <T>(of: (language: Language) => T): Record<Language, T> =>
  Object.fromEntries(languages.map((language) => [language, of(language)])) as Record<Language, T>;

/** Text that is found in the forms of every language: a sub-field for each, since nothing says what language a title is in. */
const forms = () => ({
  type: 'text' as const,
  analyzer: 'words',
  norms: false,
  fields: perLanguage((language) => ({ type: 'text' as const, analyzer: `forms_${language}`, norms: false })),
});

/**
 * The service folds and cuts words itself (domain/search/text), so that both indexes agree on what a word is; the stemmers are Snowball's,
 * as in Postgres. Passages are children of their video: whether somebody may find them is asked of the video alone.
 */
export const definition = {
  settings: {
    number_of_shards: 1,
    auto_expand_replicas: '0-1',
    analysis: {
      filter: Object.fromEntries(
        languages.map((language) => [`stems_${language}`, { type: 'snowball' as const, language: stemmers[language] }]),
      ),
      analyzer: {
        words: { type: 'custom' as const, tokenizer: 'whitespace' },
        ...Object.fromEntries(languages.map((language) => [`forms_${language}`, analyzerOf(language)])),
      },
    },
  },
  mappings: {
    // A version that knows more fields than the index that is live writes them all the same; they count in the next one.
    dynamic: false as const,
    properties: {
      kind: { type: 'join' as const, relations: { video: 'passage' } },
      videoId: { type: 'keyword' as const },
      goneAt: { type: 'date' as const },
      ownerId: { type: 'keyword' as const },
      visibility: { type: 'keyword' as const },
      status: { type: 'keyword' as const },
      channel: { type: 'keyword' as const },
      length: { type: 'keyword' as const },
      title: { type: 'keyword' as const, index: false, doc_values: false },
      tags: { type: 'keyword' as const },
      foldedTitle: { type: 'keyword' as const },
      titleWords: { type: 'text' as const, analyzer: 'words', norms: false },
      tagWords: { type: 'text' as const, analyzer: 'words', norms: false },
      descriptionWords: { type: 'text' as const, analyzer: 'words' },
      titleForms: forms(),
      tagForms: forms(),
      descriptionForms: forms(),
      startMs: { type: 'integer' as const },
      text: { type: 'keyword' as const, index: false, doc_values: false },
      spokenWords: { type: 'text' as const, analyzer: 'words' },
      /** In its own language when that is known, else in all. */
      spoken: {
        properties: perLanguage((language) => ({ type: 'text' as const, analyzer: `forms_${language}`, norms: false })),
      },
    },
  },
};

/** Changes with the definition: an index whose name doesn't have it must be built again. */
export const DEFINITION = createHash('sha256').update(JSON.stringify(definition)).digest('hex').slice(0, 8);

/** Whether an index was built by this definition. */
export const isCurrent = (index: string): boolean => index.startsWith(`${LIVE}-${DEFINITION}-`);

/** Names that this service gives to indexes; nothing else is ever deleted. */
export const isOurs = (index: string): boolean => /^kinora-videos-([0-9a-f]{8}-[0-9a-z]+|\d+)$/.test(index);
