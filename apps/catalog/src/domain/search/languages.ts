/** Languages whose words are found in all their forms. The value is the name of its Snowball stemmer, which OpenSearch and Postgres both have. */
export const stemmers = {
  en: 'English',
  de: 'German',
  fr: 'French',
  es: 'Spanish',
  it: 'Italian',
  pt: 'Portuguese',
  nl: 'Dutch',
  ru: 'Russian',
} as const;

export type Language = keyof typeof stemmers;
export const languages = Object.keys(stemmers) as readonly Language[];

/** The language of a BCP 47 tag when it is one of ours. */
export function languageOf(tag: string): Language | undefined {
  const primary = tag.split('-', 1)[0];
  return languages.find((one) => one === primary);
}
