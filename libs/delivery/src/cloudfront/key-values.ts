// Also runs in CloudFront's runtime: see cloudfront/function/handler.ts for what that lacks.

/**
 * What lies in CloudFront's key value store, and under which key. Ids without their prefixes: a store holds 5 MB.
 *
 * | key | value |
 * | --- | --- |
 * | `own` | own origins, with spaces between |
 * | `key.{kid}` | base64 secret of a path token key |
 * | `grant.{id}` | when the revoked grant would have ended, epoch seconds |
 * | `times.{issued}-{end}` | the same grant as a CloudFront policy shows it; same value |
 * | `video.{id}` | all grants issued until then are void, epoch milliseconds; a space; when the last of them ends, epoch seconds |
 */
export const keyValue = {
  own: 'own',
  key: (kid: string): string => `key.${kid}`,
  grant: (grantId: string): string => `grant.${grantId.slice(4)}`,
  times: (fingerprint: string): string => `times.${fingerprint}`,
  video: (videoId: string): string => `video.${videoId.slice(4)}`,
};
