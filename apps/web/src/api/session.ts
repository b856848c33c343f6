import { authContract, mfaContract, type Tokens } from '@kinora/contracts-auth';
import { ApiProblem, createClient } from '@kinora/contracts-common';

/**
 * Who is signed in, in this tab. The access token lives in memory only; the refresh token is a cookie that scripts can't
 * read. What is kept in storage is one bit: whether asking for a token is worth a request.
 */
const HINT = 'kinora.signed-in';
const EARLY_MS = 30_000;

export type SessionState = 'unknown' | 'signed-in' | 'signed-out';

// Without credentials of its own: these calls make the token that the others need.
const auth = createClient(authContract, '');
const mfa = createClient(mfaContract, '');
const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('kinora.session');
const listeners = new Set<() => void>();

let state: SessionState = hinted() ? 'unknown' : 'signed-out';
let access: { token: string; expiresAt: number } | undefined;
let refreshing: Promise<string | undefined> | undefined;

function hinted(): boolean {
  try {
    return localStorage.getItem(HINT) === '1';
  } catch {
    return true; // can't know: one request tells
  }
}

function become(next: SessionState): void {
  try {
    if (next === 'signed-in') localStorage.setItem(HINT, '1');
    if (next === 'signed-out') localStorage.removeItem(HINT);
  } catch {
    // storage can be forbidden
  }
  if (next !== 'signed-in') access = undefined;
  if (state === next) return;
  state = next;
  listeners.forEach((notify) => notify());
}

function adopt(tokens: Tokens): string {
  access = { token: tokens.accessToken, expiresAt: Date.now() + tokens.expiresIn * 1000 };
  become('signed-in');
  return tokens.accessToken;
}

// Another tab signed out: its cookie is gone, so this tab is signed out too.
channel?.addEventListener('message', (event) => {
  if (event.data === 'signed-out') become('signed-out');
});

/** A new access token by the cookie; undefined when there is no session any more. Callers at one time share a request. */
export function refresh(): Promise<string | undefined> {
  refreshing ??= auth
    .refresh({ body: {} })
    .then(adopt)
    .catch((error: unknown) => {
      // Only a refusal ends the session; a network that is away does not.
      if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) become('signed-out');
      return undefined;
    })
    .finally(() => {
      refreshing = undefined;
    });
  return refreshing;
}

/** A token that is good for a while, or undefined for somebody who is signed out. */
export async function accessToken(): Promise<string | undefined> {
  if (access && access.expiresAt - Date.now() > EARLY_MS) return access.token;
  return state === 'signed-out' ? undefined : refresh();
}

export async function signIn(email: string, password: string): Promise<void> {
  adopt(await auth.signIn({ body: { email, password } }));
}

const STEPS = ['auth.mfa_required', 'auth.new_password_required'] as const;

/** What a sign-in that is right so far waits for. */
export interface Step {
  readonly code: (typeof STEPS)[number];
  readonly session: string;
}

/** The step that a refusal asks for, if it does. */
export function stepOf(error: unknown): Step | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const code = STEPS.find((one) => one === error.code);
  const session = error.problem?.challenge?.session;
  return code && session ? { code, session } : undefined;
}

export async function answerMfa(session: string, code: string): Promise<void> {
  adopt(await mfa.answerMfa({ body: { session, code } }));
}

export async function chooseFirstPassword(session: string, password: string): Promise<void> {
  adopt(await auth.chooseFirstPassword({ body: { session, password } }));
}

/** The session is over, as the server knows already: this tab and the others show it. */
export function forgetSession(): void {
  become('signed-out');
  channel?.postMessage('signed-out');
}

export async function signOut(): Promise<void> {
  await auth.signOut({ body: {} }).catch(() => undefined);
  forgetSession();
}

export const sessionState = (): SessionState => state;
export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
