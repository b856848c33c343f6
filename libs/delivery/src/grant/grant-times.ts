// Also runs in CloudFront's runtime: see cloudfront/function/handler.ts for what that lacks.

/**
 * CloudFront policies start to hold this long before they are issued, for the sake of clocks that differ. So their
 * `DateGreaterThan` also tells when they were issued, which revoking all of a video's grants needs.
 */
export const ISSUED_SKEW_SECONDS = 30;

/** What stands for a grant where its id isn't at hand. Both in epoch seconds. */
export const fingerprintOf = (issuedAt: number, expiresAt: number): string => `${issuedAt}-${expiresAt}`;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Epoch milliseconds at which a grant was issued: a grant id is a ULID, whose first ten characters are its time. */
export function issuedAtOf(grantId: string): number {
  let time = 0;
  for (let i = 4; i < 14; i++) time = time * 32 + ALPHABET.indexOf(grantId.charAt(i));
  return time;
}

/** What a CloudFront policy of ours tells of its grant. Without a start it doesn't tell when it was issued. */
export function timesOfPolicy(
  dateGreaterThan: number | undefined,
  dateLessThan: number,
): { readonly issuedAt: number; readonly fingerprint: string } | undefined {
  if (dateGreaterThan === undefined) return undefined;
  const issuedAt = dateGreaterThan + ISSUED_SKEW_SECONDS;
  return { issuedAt: issuedAt * 1000, fingerprint: fingerprintOf(issuedAt, dateLessThan) };
}
