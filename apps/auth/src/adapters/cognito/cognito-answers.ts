import {
  type AuthenticationResultType,
  type ChallengeNameType,
  type CognitoIdentityProviderClient,
  type InitiateAuthCommandOutput,
  RespondToAuthChallengeCommand,
  type RespondToAuthChallengeCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { DomainError } from '@kinora/contracts-common';
import { decodeJwt } from 'jose';
import {
  type Challenge,
  type IdentityProvider,
  type IssuedTokens,
  type SignInAnswer,
} from '../../domain/identity-provider';
import { type ClientSecret } from './client-secret';
import { type Call } from './cognito-errors';

const notHere = (code: string, message: string) => new DomainError('forbidden', code, message);

/** When a refresh token was made, where that can be read: cognito-local's are signed, Cognito's are encrypted. */
function madeAt(refreshToken: string | undefined): number | undefined {
  try {
    return refreshToken === undefined ? undefined : decodeJwt(refreshToken).iat;
  } catch {
    return undefined;
  }
}

/** Tokens as the domain knows them. `given`: the refresh token that they were asked for with. */
export function issued(result: AuthenticationResultType | undefined, given?: string): IssuedTokens {
  if (!result?.AccessToken) throw new Error('Cognito answered without an access token');
  const claims = decodeJwt(result.AccessToken);
  // cognito-local takes the time of a refresh for that of the sign-in.
  const startedAt = Math.min(Number(claims['auth_time'] ?? claims.iat ?? 0), madeAt(given) ?? Infinity);
  return {
    userId: claims.sub ?? '',
    username: typeof claims['username'] === 'string' ? claims['username'] : (claims.sub ?? ''),
    sessionStartedAt: new Date(startedAt * 1_000),
    accessToken: result.AccessToken,
    refreshToken: result.RefreshToken,
    // cognito-local leaves ExpiresIn out.
    expiresIn: result.ExpiresIn ?? Math.max(0, (claims.exp ?? 0) - Math.floor(Date.now() / 1000)),
  };
}

export interface AnswerParts {
  readonly client: CognitoIdentityProviderClient;
  readonly clientId: string;
  readonly secretHash: ClientSecret;
  readonly call: Call;
}

/** What Cognito answers to a sign-in, step by step. */
export function createCognitoAnswers({ client, clientId: ClientId, secretHash, call }: AnswerParts) {
  const respond = (
    name: ChallengeNameType,
    { username, session }: Omit<Challenge, 'step'>,
    sent: Record<string, string>,
  ) => {
    const hash = secretHash(username);
    return call('RespondToAuthChallenge', 'challenge', () =>
      client.send(
        new RespondToAuthChallengeCommand({
          ClientId,
          ChallengeName: name,
          Session: session,
          ChallengeResponses: { USERNAME: username, ...sent, ...(hash !== undefined && { SECRET_HASH: hash }) },
        }),
      ),
    );
  };

  /** `username`: as it was sent; a challenge names the person by the name that answers must use. */
  const read = async (
    answer: InitiateAuthCommandOutput | RespondToAuthChallengeCommandOutput,
    username: string,
  ): Promise<SignInAnswer> => {
    if (answer.ChallengeName === undefined) {
      const tokens = issued(answer.AuthenticationResult);
      return { tokens: { ...tokens, refreshToken: tokens.refreshToken ?? '' } };
    }
    const waiting = {
      username: answer.ChallengeParameters?.['USER_ID_FOR_SRP'] ?? username,
      session: answer.Session ?? '',
    };
    switch (answer.ChallengeName) {
      case 'SOFTWARE_TOKEN_MFA':
        return { challenge: { ...waiting, step: 'mfa' } };
      case 'NEW_PASSWORD_REQUIRED':
        return { challenge: { ...waiting, step: 'new-password' } };
      case 'SELECT_MFA_TYPE':
        // Of several second steps the one that needs no message to arrive.
        if (!(answer.ChallengeParameters?.['MFAS_CAN_CHOOSE'] ?? '').includes('"SOFTWARE_TOKEN_MFA"')) break;
        return read(await respond('SELECT_MFA_TYPE', waiting, { ANSWER: 'SOFTWARE_TOKEN_MFA' }), waiting.username);
      case 'MFA_SETUP':
        throw notHere('auth.mfa_setup_required', 'This account must have a second step first. Ask whoever manages it.');
    }
    throw notHere('auth.challenge_required', 'This account needs a further step that is not supported here.');
  };

  const steps: Pick<IdentityProvider, 'answerMfa' | 'chooseFirstPassword'> = {
    answerMfa: async (challenge, code) =>
      read(await respond('SOFTWARE_TOKEN_MFA', challenge, { SOFTWARE_TOKEN_MFA_CODE: code }), challenge.username),
    chooseFirstPassword: async (challenge, password) =>
      read(await respond('NEW_PASSWORD_REQUIRED', challenge, { NEW_PASSWORD: password }), challenge.username),
  };
  return { read, ...steps };
}
