import {
  AssociateSoftwareTokenCommand,
  type CognitoIdentityProviderClient,
  GetUserCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { DomainError } from '@kinora/contracts-common';
import { type MfaProvider } from '../../domain/identity-provider';
import { type Call } from './cognito-errors';

/** Authenticator applications, in the name of the person whose access token it is: no permission of IAM is needed. */
export const createCognitoMfa = (client: CognitoIdentityProviderClient, call: Call): MfaProvider => ({
  async isEnabled(AccessToken) {
    const user = await call('GetUser', 'own-account', () => client.send(new GetUserCommand({ AccessToken })));
    return (user.UserMFASettingList ?? []).includes('SOFTWARE_TOKEN_MFA');
  },
  async newSecret(AccessToken) {
    const answer = await call('AssociateSoftwareToken', 'own-account', () =>
      client.send(new AssociateSoftwareTokenCommand({ AccessToken })),
    );
    if (answer.SecretCode === undefined) throw new Error('Cognito answered without a secret');
    return answer.SecretCode;
  },
  async confirmSecret(AccessToken, UserCode) {
    const answer = await call('VerifySoftwareToken', 'own-account', () =>
      client.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode })),
    );
    if (answer.Status !== 'SUCCESS') throw new DomainError('invalid', 'auth.code_wrong', 'The code is wrong.');
  },
  async setEnabled(AccessToken, enabled) {
    await call('SetUserMFAPreference', 'own-account', () =>
      client.send(
        new SetUserMFAPreferenceCommand({
          AccessToken,
          SoftwareTokenMfaSettings: { Enabled: enabled, PreferredMfa: enabled },
        }),
      ),
    );
  },
});
