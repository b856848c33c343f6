import { DomainError } from '@kinora/contracts-common';

export type Operation = 'sign-up' | 'confirm' | 'sign-in' | 'refresh' | 'reset' | 'challenge' | 'own-account' | 'other';

/** Runs a call to Cognito: timed, its errors in our words. */
export type Call = <T>(name: string, operation: Operation, work: () => Promise<T>) => Promise<T>;

export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

const wrongCredentials = (cause: unknown) =>
  new DomainError('unauthenticated', 'auth.credentials_wrong', 'The e-mail address or the password is wrong.', {
    cause,
  });
const wrongCode = (cause: unknown) => new DomainError('invalid', 'auth.code_wrong', 'The code is wrong.', { cause });
const mfaUnavailable = (cause: unknown) =>
  new DomainError('conflict', 'auth.mfa_unavailable', 'This account can’t have a second step here.', { cause });
const weak = (cause: unknown) =>
  new DomainError(
    'invalid',
    'auth.password_weak',
    'The password does not meet the rules: make it longer or more varied.',
    { cause },
  );

/** "No such person or wrong secret", in the words of each operation: nobody learns which of them it was. */
const refusals: Record<Operation, (cause: unknown) => DomainError | undefined> = {
  'sign-in': wrongCredentials,
  refresh: (cause) => new DomainError('unauthenticated', 'auth.refresh_refused', 'Sign in again.', { cause }),
  confirm: wrongCode,
  reset: wrongCode,
  challenge: (cause) =>
    new DomainError('unauthenticated', 'auth.session_expired', 'This took too long. Sign in again.', { cause }),
  'own-account': (cause) =>
    new DomainError('unauthenticated', 'auth.token_invalid', 'The token is not valid, or has expired.', { cause }),
  'sign-up': () => undefined,
  other: () => undefined,
};

const exceptions: Record<string, (cause: unknown, operation: Operation) => DomainError | undefined> = {
  NotAuthorizedException: (cause, operation) => refusals[operation](cause),
  UserNotFoundException: (cause, operation) => refusals[operation](cause),
  // cognito-local's answer to a wrong password; in AWS it is a new password that breaks the policy.
  InvalidPasswordException: (cause, operation) => (operation === 'sign-in' ? wrongCredentials(cause) : weak(cause)),
  InvalidParameterException: (cause, operation) => {
    if (operation === 'sign-up' || operation === 'reset')
      return /password/i.test(String(cause)) ? weak(cause) : undefined;
    if (operation === 'own-account') return mfaUnavailable(cause);
    return refusals[operation](cause);
  },
  UsernameExistsException: (cause) =>
    new DomainError('conflict', 'auth.email_taken', 'There is an account with this e-mail address.', { cause }),
  CodeMismatchException: wrongCode,
  // Cognito's answer to a code that does not fit the secret which is being set up.
  EnableSoftwareTokenMFAException: wrongCode,
  SoftwareTokenMFANotFoundException: mfaUnavailable,
  ExpiredCodeException: (cause, operation) =>
    operation === 'challenge'
      ? new DomainError('invalid', 'auth.code_used', 'This code was used before. Wait for the next one.', { cause })
      : new DomainError('invalid', 'auth.code_expired', 'The code has expired. Ask for a new one.', { cause }),
  UserNotConfirmedException: (cause) =>
    new DomainError('forbidden', 'auth.not_confirmed', 'Confirm the account with the code first.', { cause }),
  PasswordResetRequiredException: (cause) =>
    new DomainError('forbidden', 'auth.password_reset_required', 'Choose a new password first.', { cause }),
};

const throttled = new Set(['TooManyRequestsException', 'LimitExceededException', 'TooManyFailedAttemptsException']);

/** Turns what Cognito (or cognito-local) throws into our stable codes; what is not expected stays as it is. */
export function cognitoError(error: unknown, operation: Operation): unknown {
  const name = nameOf(error);
  if (throttled.has(name))
    return new DomainError('rate_limited', 'auth.rate_limited', 'Too many attempts. Try again later.', {
      cause: error,
      retryAfter: 60,
    });
  const known = exceptions[name]?.(error, operation);
  if (known) return known;
  // The SDK marks what it gave up on; what the server answered about the request itself has the fault `client`.
  const gaveUp = error instanceof Error && '$metadata' in error && !('$fault' in error && error.$fault === 'client');
  return gaveUp
    ? new DomainError(
        'unavailable',
        'service.unavailable',
        'Signing in is not available at the moment. Try again shortly.',
        { cause: error },
      )
    : error;
}
