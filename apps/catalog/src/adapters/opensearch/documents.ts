import { type SearchDocument, type SearchTranscript, type SpokenPassage } from '../../domain/ports/search-index';
import { languageOf, languages } from '../../domain/search/languages';
import { spellingsOf, wordsOf } from '../../domain/search/text';

/** One document to be written under a version. */
export interface Write {
  readonly id: string;
  /** Documents of one video lie in one shard. */
  readonly videoId: string;
  readonly version: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const spelled = (text: string): string => spellingsOf(text).join(' ');

export const writeOf = ({ videoId, revision, title, tags, description, ...rest }: SearchDocument): Write => ({
  id: videoId,
  videoId,
  version: revision,
  body: {
    kind: 'video',
    videoId,
    ownerId: rest.ownerId,
    visibility: rest.visibility,
    status: rest.status,
    ...(rest.channelId !== null && { channel: rest.channelId }),
    ...(rest.length !== null && { length: rest.length }),
    title,
    tags: [...tags],
    foldedTitle: wordsOf(title).join(' '),
    titleWords: wordsOf(title).join(' '),
    tagWords: tags.flatMap(wordsOf).join(' '),
    descriptionWords: wordsOf(description).join(' '),
    titleForms: spelled(title),
    tagForms: spelled(tags.join(' ')),
    descriptionForms: spelled(description),
  },
});

/**
 * What stands where something was removed. A deletion is forgotten by OpenSearch after a minute (`index.gc_deletes`), and with every
 * restart; a document with a version is not, so that a late write can't bring back what is gone.
 */
const gravestone = (id: string, videoId: string, version: number): Write => ({
  id,
  videoId,
  version,
  body: { videoId, goneAt: new Date().toISOString() },
});

export const removalOf = (videoId: string, revision: number): Write => gravestone(videoId, videoId, revision);

function passage({ startMs, text, language }: SpokenPassage, videoId: string): Write['body'] {
  const known = languageOf(language);
  const words = spelled(text);
  return {
    kind: { name: 'passage', parent: videoId },
    videoId,
    startMs,
    text,
    spokenWords: wordsOf(text).join(' '),
    spoken: Object.fromEntries((known ? [known] : languages).map((one) => [one, words])),
  };
}

/** A transcript under fixed ids, with gravestones where an older one was longer: in whatever order they come, the newest is left. */
export const writesOf = ({ videoId, revision, passages, mostEver }: SearchTranscript): Write[] =>
  Array.from({ length: Math.max(mostEver, passages.length) }, (_, n) => {
    const id = `${videoId}:${n}`;
    const said = passages[n];
    return said ? { id, videoId, version: revision, body: passage(said, videoId) } : gravestone(id, videoId, revision);
  });
