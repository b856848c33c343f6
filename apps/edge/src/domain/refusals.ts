import { DomainError } from '@kinora/contracts-common';
import { REFUSALS, type Refusal } from '@kinora/delivery';

export const refused = (refusal: Refusal): DomainError =>
  new DomainError('forbidden', `grant.${refusal}`, REFUSALS[refusal]);

export const mediaNotFound = (cause?: unknown): DomainError =>
  new DomainError('not_found', 'media.not_found', 'There is no such media.', { cause });
