// Also runs in CloudFront's runtime: see cloudfront/function/handler.ts for what that lacks.

/** Why a request may not read, as it is told. */
export type Refusal = 'required' | 'invalid' | 'expired' | 'revoked';

/** The text is the same whether or not the object exists. */
export const REFUSALS: Readonly<Record<Refusal, string>> = {
  required: 'Media can only be read with a grant.',
  invalid: 'This grant does not open what was asked for.',
  expired: 'This grant has expired. Ask for a new one.',
  revoked: 'This grant has been revoked.',
};

/** What of a reason the client is told: whoever tries tokens learns nothing from the answers. */
export function toldOf(reason: string): Refusal {
  if (reason === 'expired' || reason === 'revoked') return reason;
  return reason === 'unsigned' ? 'required' : 'invalid';
}
