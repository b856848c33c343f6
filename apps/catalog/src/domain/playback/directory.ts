import { fingerprintOf, type GrantKeys, issuedAtOf, keyValue } from '@kinora/delivery';
import { type DirectoryEntries } from '../ports/edge-directory';
import { type Revocations } from '../ports/grant-store';

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** Keys by which tokens are verified, and whose pages are ours. */
export const keyEntries = (keys: GrantKeys, ownOrigins: readonly string[]): DirectoryEntries =>
  new Map([
    [keyValue.own, ownOrigins.join(' ')],
    ...[...keys.all].map(([kid, secret]) => [keyValue.key(kid), secret.toString('base64')] as const),
  ]);

/** Revocations, a grant under its id and under its times. Of several of one video the last counts: it reaches furthest. */
export const revocationEntries = ({ grants, videos }: Omit<Revocations, 'cursor'>): DirectoryEntries =>
  new Map([
    ...grants.flatMap(({ grantId, expiresAt }) => {
      const end = seconds(expiresAt);
      const times = fingerprintOf(Math.floor(issuedAtOf(grantId) / 1000), end);
      return [keyValue.grant(grantId), keyValue.times(times)].map((name) => [name, String(end)] as const);
    }),
    ...videos
      .toSorted((a, b) => a.issuedUntil.getTime() - b.issuedUntil.getTime())
      .map(
        ({ videoId, issuedUntil, expiresAt }) =>
          [keyValue.video(videoId), `${issuedUntil.getTime()} ${seconds(expiresAt)}`] as const,
      ),
  ]);
