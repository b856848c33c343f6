import {
  AdminGetUserCommand,
  type AttributeType,
  type AuthenticationResultType,
  type CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  RevokeTokenCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { DomainError } from '@kinora/contracts-common';
import { type Metrics, timed } from '@kinora/service';
import { decodeJwt } from 'jose';
import { type IdentityProvider, type IssuedTokens } from '../../domain/identity-provider';
import { type Operation, cognitoError, nameOf } from './cognito-errors';
import { createCognitoGroups } from './cognito-groups';

export interface CognitoOptions {
  readonly client: CognitoIdentityProviderClient;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly metrics: Metrics;
}

const attribute = (list: readonly AttributeType[] | undefined, name: string): string | undefined =>
  list?.find((one) => one.Name === name)?.Value;

function issued(result: AuthenticationResultType | undefined): IssuedTokens {
  // A temporary password, MFA: steps that Kinora's own pages don't know.
  if (!result?.AccessToken)
    throw new DomainError(
      'forbidden',
      'auth.challenge_required',
      'This account needs a further step that is not supported here.',
    );
  const claims = decodeJwt(result.AccessToken);
  return {
    userId: claims.sub ?? '',
    accessToken: result.AccessToken,
    refreshToken: result.RefreshToken,
    // cognito-local leaves ExpiresIn out.
    expiresIn: result.ExpiresIn ?? Math.max(0, (claims.exp ?? 0) - Math.floor(Date.now() / 1000)),
  };
}

/** The Cognito API as an identity provider. */
export function createCognitoIdentity({
  client,
  userPoolId: UserPoolId,
  clientId: ClientId,
  metrics,
}: CognitoOptions): IdentityProvider {
  const call = async <T>(name: string, operation: Operation, work: () => Promise<T>): Promise<T> => {
    try {
      return await timed(metrics, 'cognito', name, work);
    } catch (error) {
      throw cognitoError(error, operation);
    }
  };
  const groups = createCognitoGroups({ client, userPoolId: UserPoolId, call });

  /** Errors that would tell who has an account, or that nobody has to hear. */
  const silently = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await call(name, 'other', work);
    } catch (error) {
      const cause = error instanceof DomainError ? error.cause : error;
      const aboutPerson =
        cause instanceof Error &&
        '$fault' in cause &&
        cause.$fault === 'client' &&
        nameOf(cause) !== 'TooManyRequestsException';
      if (!aboutPerson) throw error;
    }
  };

  const accountOf = async (username: string) => {
    try {
      return await call('AdminGetUser', 'other', () =>
        client.send(new AdminGetUserCommand({ UserPoolId, Username: username })),
      );
    } catch (error) {
      if (nameOf(error) === 'UserNotFoundException') return undefined;
      throw error;
    }
  };

  return {
    async signUp({ email, password, displayName }) {
      const answer = await call('SignUp', 'sign-up', () =>
        client.send(
          new SignUpCommand({
            ClientId,
            Username: email,
            Password: password,
            UserAttributes: [
              { Name: 'email', Value: email },
              ...(displayName === undefined ? [] : [{ Name: 'name', Value: displayName }]),
            ],
          }),
        ),
      );
      return { userId: answer.UserSub ?? '', confirmed: answer.UserConfirmed ?? false };
    },
    async confirm(email, code) {
      await call('ConfirmSignUp', 'confirm', () =>
        client.send(new ConfirmSignUpCommand({ ClientId, Username: email, ConfirmationCode: code })),
      );
    },
    resendCode: (email) =>
      silently('ResendConfirmationCode', async () => {
        try {
          await client.send(new ResendConfirmationCodeCommand({ ClientId, Username: email }));
        } catch (error) {
          // cognito-local has no such call; there, a reset code confirms an account as well.
          if (nameOf(error) !== 'Unsupported' && nameOf(error) !== 'CognitoLocal#Unsupported') throw error;
          const account = await client.send(new AdminGetUserCommand({ UserPoolId, Username: email }));
          if (account.UserStatus === 'UNCONFIRMED')
            await client.send(new ForgotPasswordCommand({ ClientId, Username: email }));
        }
      }),
    async signIn(email, password) {
      const answer = await call('InitiateAuth', 'sign-in', () =>
        client.send(
          new InitiateAuthCommand({
            ClientId,
            AuthFlow: 'USER_PASSWORD_AUTH',
            AuthParameters: { USERNAME: email, PASSWORD: password },
          }),
        ),
      );
      const tokens = issued(answer.AuthenticationResult);
      return { ...tokens, refreshToken: tokens.refreshToken ?? '' };
    },
    async refresh(refreshToken) {
      const answer = await call('RefreshToken', 'refresh', () =>
        client.send(
          new InitiateAuthCommand({
            ClientId,
            AuthFlow: 'REFRESH_TOKEN_AUTH',
            AuthParameters: { REFRESH_TOKEN: refreshToken },
          }),
        ),
      );
      return issued(answer.AuthenticationResult);
    },
    revoke: (refreshToken) =>
      silently('RevokeToken', () => client.send(new RevokeTokenCommand({ ClientId, Token: refreshToken }))),
    sendResetCode: (email) =>
      silently('ForgotPassword', () => client.send(new ForgotPasswordCommand({ ClientId, Username: email }))),
    async resetPassword(email, code, password) {
      await call('ConfirmForgotPassword', 'reset', () =>
        client.send(
          new ConfirmForgotPasswordCommand({ ClientId, Username: email, ConfirmationCode: code, Password: password }),
        ),
      );
    },
    async find(userId) {
      const found = await accountOf(userId);
      if (!found) return undefined;
      return {
        userId: attribute(found.UserAttributes, 'sub') ?? userId,
        email: attribute(found.UserAttributes, 'email') ?? '',
        displayName: attribute(found.UserAttributes, 'name')?.slice(0, 80),
        enabled: found.Enabled ?? true,
        // By user name, not by id: cognito-local compares the names of members only.
        roles: await groups.rolesOf(found.Username ?? userId),
      };
    },
    addRole: groups.add,
    removeRole: groups.remove,
  };
}
