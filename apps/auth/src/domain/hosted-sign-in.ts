import { DomainError } from '@kinora/contracts-common';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Account, type NewSession } from './identity-provider';

/** What must be remembered between leaving for the provider's pages and coming back. */
export interface Journey {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** A path of the web application. */
  readonly next: string;
}

/** The sign-in pages of the provider, and what it answers for their code (RFC 6749, 7636, OpenID Connect). */
export interface HostedPages {
  address(request: { state: string; nonce: string; codeChallenge: string }): string;
  /** @throws `auth.sso_refused` when the code is not good, or the tokens for it can't be believed */
  redeem(
    code: string,
    expected: { verifier: string; nonce: string },
  ): Promise<{ tokens: NewSession; account: Account }>;
}

export interface HostedSignInParts {
  readonly pages: HostedPages;
  /** Lets in who the provider says is there. */
  readonly admit: (tokens: NewSession, account: Account) => Promise<NewSession>;
}

export type HostedSignIn = ReturnType<typeof createHostedSignIn>;

const random = (): string => randomBytes(32).toString('base64url');
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
const refused = (message: string) => new DomainError('unauthenticated', 'auth.sso_refused', message);

const HERE = 'http://here.invalid';

/** A path of this application and nothing else: `//host`, `/\host`, other schemes and control characters become `/`. */
export function ownPath(wanted: string | undefined): string {
  if (wanted === undefined || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(wanted) || wanted.length > 2_000) return '/';
  const url = new URL(wanted, HERE);
  // `/..//host` is a path of this application until a browser has put it straight.
  return url.origin === HERE && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}${url.hash}` : '/';
}

/** Signing in by the provider's own pages: there, back, and in. */
export function createHostedSignIn({ pages, admit }: HostedSignInParts) {
  return {
    leave(next: string | undefined): { address: string; journey: Journey } {
      const journey = { state: random(), nonce: random(), verifier: random(), next: ownPath(next) };
      const codeChallenge = hashOf(journey.verifier).toString('base64url');
      return { address: pages.address({ ...journey, codeChallenge }), journey };
    },
    /** @throws `auth.sso_refused` also when this browser never left, or left for something else */
    async comeBack(
      answer: { code?: string | undefined; state?: string | undefined },
      journey: Journey | undefined,
    ): Promise<NewSession> {
      if (!journey || answer.state === undefined || !timingSafeEqual(hashOf(answer.state), hashOf(journey.state)))
        throw refused('This sign-in was not begun here, or has taken too long. Start again.');
      if (answer.code === undefined) throw refused('Signing in did not succeed.');
      const { tokens, account } = await pages.redeem(answer.code, journey);
      return admit(tokens, account);
    },
  };
}
