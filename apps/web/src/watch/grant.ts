import { analyticsContract } from '@kinora/contracts-analytics';
import { urlOf } from '@kinora/contracts-common';
import { type GrantSource } from '@kinora/player';
import { api } from '../api/client';

const KEY = 'kinora.viewer';

/**
 * A random number that tells viewers apart in counts and nothing else; it never leaves this site. People whose browser asks
 * not to be tracked have none.
 */
export function viewerId(): string | undefined {
  const { globalPrivacyControl, doNotTrack } = navigator as Navigator & { globalPrivacyControl?: boolean };
  if (globalPrivacyControl === true || doNotTrack === '1') return undefined;
  try {
    const known = localStorage.getItem(KEY);
    if (known) return known;
    const made = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
      byte.toString(16).padStart(2, '0'),
    ).join('');
    localStorage.setItem(KEY, made);
    return made;
  } catch {
    return undefined;
  }
}

export const grantFor =
  (videoId: string): GrantSource =>
  (session) => {
    const viewer = viewerId();
    return api.playback.createPlayback({
      params: { videoId },
      body: { ...session, ...(viewer && { viewerId: viewer }) },
    });
  };

export const beaconUrl = urlOf('', analyticsContract.postBeacons, {});
