import { analyticsContract } from '@kinora/contracts-analytics';
import { apiKeysContract, authContract, mfaContract } from '@kinora/contracts-auth';
import { playbackContract, searchContract, videosContract, webhooksContract } from '@kinora/contracts-catalog';
import { createClient } from '@kinora/contracts-common';
import { encodingsContract } from '@kinora/contracts-transcode';
import { uploadsContract } from '@kinora/contracts-upload';
import { accessToken, refresh } from './session';

const withToken = (init: RequestInit | undefined, token: string | undefined): RequestInit => {
  const headers = new Headers(init?.headers);
  if (token) headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers };
};

/** fetch as the person who is signed in. A refused token is renewed once and the call repeated. */
export const authorizedFetch: typeof fetch = async (input, init) => {
  const token = await accessToken();
  const response = await fetch(input, withToken(init, token));
  if (response.status !== 401 || !token) return response;
  const fresh = await refresh();
  return fresh ? fetch(input, withToken(init, fresh)) : response;
};

const options = { fetch: authorizedFetch, timeoutMs: 20_000 };

/** The platform's public API, one client per contract; same origin, so that no address is configured. */
export const api = {
  auth: createClient(authContract, '', options),
  mfa: createClient(mfaContract, '', options),
  apiKeys: createClient(apiKeysContract, '', options),
  uploads: createClient(uploadsContract, '', options),
  videos: createClient(videosContract, '', options),
  search: createClient(searchContract, '', options),
  playback: createClient(playbackContract, '', options),
  webhooks: createClient(webhooksContract, '', options),
  encodings: createClient(encodingsContract, '', options),
  analytics: createClient(analyticsContract, '', options),
};
