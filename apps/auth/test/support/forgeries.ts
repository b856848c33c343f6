import { base64url } from 'jose';
import { type BinaryLike, createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { jsonOf } from '../harness';

/** A header or a body as it is in a token. */
export const part = (value: object): string => base64url.encode(JSON.stringify(value));

/** A token whose "secret" is something public. */
export function hs256(header: object, claims: object, secret: BinaryLike): string {
  const signed = `${part({ alg: 'HS256', ...header })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** The public key as the file that verifiers have of it. */
export const pemOf = (jwk: JsonWebKey): string =>
  createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();

/** Asks for the profile of whoever sends this header. */
export const profileOf = (url: string, authorization: string): Promise<Response> =>
  fetch(`${url}/v1/auth/profile`, { headers: { authorization } });

/** What the service answers to each of these tokens, by name. */
export async function answersTo(url: string, tokens: Readonly<Record<string, string>>): Promise<[string, unknown][]> {
  return Promise.all(
    Object.entries(tokens).map(async ([name, token]): Promise<[string, unknown]> => {
      const res = await profileOf(url, `Bearer ${token}`);
      const { requestId: _, ...body } = await jsonOf(res);
      return [name, { status: res.status, challenge: res.headers.get('www-authenticate'), body }];
    }),
  );
}

/** The only answer that a token may get which is not good: it says nothing about why. */
export const REFUSAL = {
  status: 401,
  challenge: 'Bearer',
  body: {
    title: 'Unauthorized',
    status: 401,
    code: 'auth.token_invalid',
    detail: 'The token is not valid, or has expired.',
  },
};
