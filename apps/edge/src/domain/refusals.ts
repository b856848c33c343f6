import { DomainError } from '@kinora/contracts-common';

/** Why a request may not read. The text is the same whether or not the object exists. */
export type Refusal = 'required' | 'invalid' | 'expired' | 'revoked';

const SENTENCES: Readonly<Record<Refusal, string>> = {
  required: 'Media can only be read with a grant.',
  invalid: 'This grant does not open what was asked for.',
  expired: 'This grant has expired. Ask for a new one.',
  revoked: 'This grant has been revoked.',
};

export const refused = (refusal: Refusal): DomainError =>
  new DomainError('forbidden', `grant.${refusal}`, SENTENCES[refusal]);

export const mediaNotFound = (cause?: unknown): DomainError =>
  new DomainError('not_found', 'media.not_found', 'There is no such media.', { cause });
