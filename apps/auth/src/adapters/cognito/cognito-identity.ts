import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  type AttributeType,
  type CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  RevokeTokenCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { DomainError } from '@kinora/contracts-common';
import { type Metrics, timed } from '@kinora/service';
import { type IdentityProvider, type MfaProvider } from '../../domain/identity-provider';
import { createClientSecret } from './client-secret';
import { createCognitoAnswers, issued } from './cognito-answers';
import { type Call, cognitoError, nameOf } from './cognito-errors';
import { createCognitoGroups } from './cognito-groups';
import { createCognitoMfa } from './cognito-mfa';

export interface CognitoOptions {
  readonly client: CognitoIdentityProviderClient;
  readonly userPoolId: string;
  readonly clientId: string;
  /** Of an app client that has one. */
  readonly clientSecret: string | undefined;
  readonly metrics: Metrics;
}

const attribute = (list: readonly AttributeType[] | undefined, name: string): string | undefined =>
  list?.find((one) => one.Name === name)?.Value;

/** cognito-local's answer to what it does not have. */
const isUnsupported = (error: unknown): boolean => ['Unsupported', 'CognitoLocal#Unsupported'].includes(nameOf(error));

/** The Cognito API as an identity provider. */
export function createCognitoIdentity({
  client,
  userPoolId: UserPoolId,
  clientId: ClientId,
  clientSecret: ClientSecret,
  metrics,
}: CognitoOptions): IdentityProvider & { readonly mfa: MfaProvider } {
  const call: Call = async (name, operation, work) => {
    try {
      return await timed(metrics, 'cognito', name, work);
    } catch (error) {
      throw cognitoError(error, operation);
    }
  };
  const secretHash = createClientSecret(ClientId, ClientSecret);
  const answers = createCognitoAnswers({ client, clientId: ClientId, secretHash, call });
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

  /** The app client, its proof, and who it is about. */
  const by = (username: string) => ({ ClientId, Username: username, SecretHash: secretHash(username) });

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
            ...by(email),
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
        client.send(new ConfirmSignUpCommand({ ...by(email), ConfirmationCode: code })),
      );
    },
    resendCode: (email) =>
      silently('ResendConfirmationCode', async () => {
        try {
          await client.send(new ResendConfirmationCodeCommand({ ...by(email) }));
        } catch (error) {
          // cognito-local has no such call; there, a reset code confirms an account as well.
          if (!isUnsupported(error)) throw error;
          const account = await client.send(new AdminGetUserCommand({ UserPoolId, Username: email }));
          if (account.UserStatus === 'UNCONFIRMED') await client.send(new ForgotPasswordCommand({ ...by(email) }));
        }
      }),
    async signIn(username, password) {
      const hash = secretHash(username);
      const answer = await call('InitiateAuth', 'sign-in', () =>
        client.send(
          new InitiateAuthCommand({
            ClientId,
            AuthFlow: 'USER_PASSWORD_AUTH',
            AuthParameters: {
              USERNAME: username,
              PASSWORD: password,
              ...(hash !== undefined && { SECRET_HASH: hash }),
            },
          }),
        ),
      );
      return answers.read(answer, username);
    },
    answerMfa: answers.answerMfa,
    chooseFirstPassword: answers.chooseFirstPassword,
    async refresh(refreshToken) {
      const answer = await call('RefreshToken', 'refresh', () =>
        ClientSecret === undefined
          ? client.send(
              new InitiateAuthCommand({
                ClientId,
                AuthFlow: 'REFRESH_TOKEN_AUTH',
                AuthParameters: { REFRESH_TOKEN: refreshToken },
              }),
            )
          : // The other flow wants a hash over the user name, which a refresh token does not tell.
            client.send(new GetTokensFromRefreshTokenCommand({ ClientId, ClientSecret, RefreshToken: refreshToken })),
      );
      return issued(answer.AuthenticationResult, refreshToken);
    },
    revoke: (refreshToken) =>
      silently('RevokeToken', () =>
        client.send(new RevokeTokenCommand({ ClientId, ClientSecret, Token: refreshToken })),
      ),
    signOutEverywhere: (AccessToken) =>
      call('GlobalSignOut', 'own-account', async () => {
        try {
          await client.send(new GlobalSignOutCommand({ AccessToken }));
        } catch (error) {
          // cognito-local has no such call; there, it is Kinora alone that refuses the sessions.
          if (!isUnsupported(error)) throw error;
        }
      }),
    sendResetCode: (email) =>
      silently('ForgotPassword', () => client.send(new ForgotPasswordCommand({ ...by(email) }))),
    async resetPassword(email, code, password) {
      await call('ConfirmForgotPassword', 'reset', () =>
        client.send(new ConfirmForgotPasswordCommand({ ...by(email), ConfirmationCode: code, Password: password })),
      );
    },
    async find(username) {
      const found = await accountOf(username);
      if (!found) return undefined;
      return {
        userId: attribute(found.UserAttributes, 'sub') ?? username,
        email: attribute(found.UserAttributes, 'email') ?? '',
        displayName: attribute(found.UserAttributes, 'name')?.slice(0, 80),
        enabled: found.Enabled ?? true,
        // By user name, not by id: cognito-local compares the names of members only.
        roles: await groups.rolesOf(found.Username ?? username),
      };
    },
    addRole: groups.add,
    removeRole: groups.remove,
    async setActive(username, active) {
      const person = { UserPoolId, Username: username };
      // In AWS, disabling also makes the person's refresh tokens void.
      if (active) await call('AdminEnableUser', 'other', () => client.send(new AdminEnableUserCommand(person)));
      else await call('AdminDisableUser', 'other', () => client.send(new AdminDisableUserCommand(person)));
    },
    mfa: createCognitoMfa(client, call),
  };
}
