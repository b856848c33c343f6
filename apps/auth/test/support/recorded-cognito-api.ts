import { Secret, TOTP } from 'otpauth';
import { randomBytes } from 'node:crypto';
import { AwsError, type RecordedPool, type RecordedUser } from './recorded-cognito-pool';

/** The body of a request: members as the API reference of the operation names them. */
export interface Sent {
  readonly ClientId?: string;
  readonly ClientSecret?: string;
  readonly SecretHash?: string;
  readonly Username?: string;
  readonly Password?: string;
  readonly ConfirmationCode?: string;
  readonly UserAttributes?: readonly { Name: string; Value: string }[];
  readonly AuthFlow?: string;
  readonly AuthParameters?: Record<string, string>;
  readonly ChallengeName?: string;
  readonly ChallengeResponses?: Record<string, string>;
  readonly Session?: string;
  readonly AccessToken?: string;
  readonly UserCode?: string;
  readonly SoftwareTokenMfaSettings?: { Enabled?: boolean; PreferredMfa?: boolean };
  readonly RefreshToken?: string;
  readonly Token?: string;
  readonly GroupName?: string;
}

/** Developer guide, "Adding user pool password requirements": the policy that a new pool has. */
function checkPolicy(password = ''): void {
  const missing = [
    [password.length >= 8, 'Password not long enough'],
    [/[0-9]/.test(password), 'Password must have numeric characters'],
    [/[A-Z]/.test(password), 'Password must have uppercase characters'],
    [/[a-z]/.test(password), 'Password must have lowercase characters'],
    [/[^A-Za-z0-9]/.test(password), 'Password must have symbol characters'],
  ].find(([kept]) => !kept);
  if (missing)
    throw new AwsError('InvalidPasswordException', `Password did not conform with policy: ${String(missing[1])}`);
}

const wrong = () => new AwsError('NotAuthorizedException', 'Incorrect username or password.');

/**
 * Operations of the API reference of Amazon Cognito user pools, as its pages (named beside each) and AWS's answers describe them. Only what
 * Kinora calls, and of it what cognito-local lacks or answers otherwise.
 */
export function createRecordedApi(pool: RecordedPool) {
  const waiting = new Map<string, { user: RecordedUser; name: string }>();

  const challenge = (user: RecordedUser, name: string, parameters: Record<string, string>) => {
    const session = randomBytes(300).toString('base64url');
    waiting.set(session, { user, name });
    return {
      ChallengeName: name,
      ChallengeParameters: { USER_ID_FOR_SRP: user.username, ...parameters },
      Session: session,
    };
  };
  const result = (tokens: { access: string; id: string; refresh?: string }) => ({
    AuthenticationResult: {
      AccessToken: tokens.access,
      ExpiresIn: 3_600,
      IdToken: tokens.id,
      ...(tokens.refresh !== undefined && { RefreshToken: tokens.refresh }),
      TokenType: 'Bearer',
    },
    ChallengeParameters: {},
  });
  const next = async (user: RecordedUser) =>
    user.mfa
      ? challenge(user, 'SOFTWARE_TOKEN_MFA', { FRIENDLY_DEVICE_NAME: 'TOTP device' })
      : result(await pool.begin(user));
  const known = (username: string | undefined): RecordedUser => {
    const user = pool.find(username ?? '');
    if (!user) throw new AwsError('UserNotFoundException', 'User does not exist.');
    return user;
  };

  const operations: Record<string, (sent: Sent) => unknown> = {
    // API_SignUp
    SignUp(sent) {
      const { Username: email = '', Password: password } = sent;
      pool.checkClient(sent.ClientId, email, sent.SecretHash);
      checkPolicy(password);
      if (pool.find(email)) throw new AwsError('UsernameExistsException', 'User already exists');
      const name = sent.UserAttributes?.find((one) => one.Name === 'name')?.Value;
      const user = pool.add(email, { password, name });
      return {
        CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'a***@e***' },
        UserConfirmed: false,
        UserSub: user.sub,
      };
    },
    // API_ConfirmSignUp
    ConfirmSignUp(sent) {
      pool.checkClient(sent.ClientId, sent.Username ?? '', sent.SecretHash);
      const user = known(sent.Username);
      if (user.code !== sent.ConfirmationCode)
        throw new AwsError('CodeMismatchException', 'Invalid verification code provided, please try again.');
      Object.assign(user, { status: 'CONFIRMED', code: undefined });
      return {};
    },
    // API_InitiateAuth; "ALLOW_USER_PASSWORD_AUTH" and "ALLOW_REFRESH_TOKEN_AUTH" in "Authentication flows"
    async InitiateAuth({ ClientId, AuthFlow, AuthParameters = {} }) {
      if (AuthFlow === 'REFRESH_TOKEN_AUTH') {
        pool.checkClient(ClientId, '', AuthParameters['SECRET_HASH']);
        return result(await pool.refresh(AuthParameters['REFRESH_TOKEN'] ?? ''));
      }
      if (AuthFlow !== 'USER_PASSWORD_AUTH')
        throw new AwsError('InvalidParameterException', `${String(AuthFlow)} flow not enabled for this client`);
      pool.checkClient(ClientId, AuthParameters['USERNAME'] ?? '', AuthParameters['SECRET_HASH']);
      const user = pool.find(AuthParameters['USERNAME'] ?? '');
      // "Managing user existence error responses": an unknown user looks like a wrong password.
      if (user?.password === undefined || user.password !== AuthParameters['PASSWORD']) throw wrong();
      if (!user.enabled) throw new AwsError('NotAuthorizedException', 'User is disabled.');
      if (user.status === 'UNCONFIRMED') throw new AwsError('UserNotConfirmedException', 'User is not confirmed.');
      if (user.status === 'FORCE_CHANGE_PASSWORD')
        return challenge(user, 'NEW_PASSWORD_REQUIRED', { requiredAttributes: '[]', userAttributes: '{}' });
      return next(user);
    },
    // API_GetTokensFromRefreshToken
    async GetTokensFromRefreshToken({ ClientId, ClientSecret, RefreshToken = '' }) {
      if (ClientId !== pool.clientId || ClientSecret !== pool.clientSecret)
        throw new AwsError('NotAuthorizedException', 'Unable to verify secret hash for client');
      return { AuthenticationResult: result(await pool.refresh(RefreshToken)).AuthenticationResult };
    },
    // API_RespondToAuthChallenge
    async RespondToAuthChallenge({ ClientId, ChallengeName, ChallengeResponses: given = {}, Session = '' }) {
      pool.checkClient(ClientId, given['USERNAME'] ?? '', given['SECRET_HASH']);
      const open = waiting.get(Session);
      if (!open || open.name !== ChallengeName || open.user.username !== given['USERNAME'])
        throw new AwsError('NotAuthorizedException', 'Invalid session for the user, session is expired.');
      const { user } = open;
      if (ChallengeName === 'NEW_PASSWORD_REQUIRED') {
        checkPolicy(given['NEW_PASSWORD']);
        Object.assign(user, { password: given['NEW_PASSWORD'], status: 'CONFIRMED' });
      } else if (!pool.useCode(user, user.secret ?? '', given['SOFTWARE_TOKEN_MFA_CODE'] ?? '')) {
        throw new AwsError('CodeMismatchException', 'Invalid code received for user');
      }
      waiting.delete(Session);
      return ChallengeName === 'NEW_PASSWORD_REQUIRED' ? next(user) : result(await pool.begin(user));
    },
    // API_AssociateSoftwareToken
    async AssociateSoftwareToken({ AccessToken }) {
      const user = await pool.byAccessToken(AccessToken);
      user.pendingSecret = new Secret({ size: 32 }).base32;
      return { SecretCode: user.pendingSecret };
    },
    // API_VerifySoftwareToken: its name for a wrong code is not that of other operations.
    async VerifySoftwareToken({ AccessToken, UserCode = '' }) {
      const user = await pool.byAccessToken(AccessToken);
      if (user.pendingSecret === undefined)
        throw new AwsError('InvalidParameterException', 'User has not associated a software token');
      if (new TOTP({ secret: user.pendingSecret }).validate({ token: UserCode, window: 1 }) === null)
        throw new AwsError('EnableSoftwareTokenMFAException', 'Code mismatch');
      pool.useCode(user, user.pendingSecret, UserCode);
      Object.assign(user, { secret: user.pendingSecret, pendingSecret: undefined });
      return { Status: 'SUCCESS' };
    },
    // API_SetUserMFAPreference
    async SetUserMFAPreference({ AccessToken, SoftwareTokenMfaSettings: wish }) {
      const user = await pool.byAccessToken(AccessToken);
      if (wish?.Enabled && user.secret === undefined)
        throw new AwsError('InvalidParameterException', 'User has not verified software token mfa');
      user.mfa = wish?.Enabled ?? false;
      return {};
    },
    // API_GetUser
    async GetUser({ AccessToken }) {
      const user = await pool.byAccessToken(AccessToken);
      return {
        Username: user.username,
        UserAttributes: attributesOf(user),
        ...(user.mfa && { PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA', UserMFASettingList: ['SOFTWARE_TOKEN_MFA'] }),
      };
    },
    // API_GlobalSignOut
    async GlobalSignOut({ AccessToken }) {
      pool.revokeAll((await pool.byAccessToken(AccessToken)).username);
      return {};
    },
    // API_RevokeToken
    RevokeToken({ ClientId, ClientSecret, Token = '' }) {
      if (ClientId !== pool.clientId || ClientSecret !== pool.clientSecret)
        throw new AwsError('UnauthorizedException', 'Client authentication failed.');
      pool.revoke(Token);
      return {};
    },
    // API_AdminGetUser. "Username … must be the sub of a local user or the username of a user from a third-party IdP."
    AdminGetUser({ Username }) {
      const user = known(Username);
      return {
        Username: user.username,
        Enabled: user.enabled,
        UserStatus: user.status,
        UserAttributes: attributesOf(user),
      };
    },
    // API_AdminListGroupsForUser
    AdminListGroupsForUser: ({ Username }) => ({
      Groups: [...known(Username).groups].map((GroupName) => ({ GroupName })),
    }),
    // API_CreateGroup
    CreateGroup({ GroupName = '' }) {
      if (pool.groups.has(GroupName))
        throw new AwsError('GroupExistsException', 'A group with the name already exists.');
      pool.groups.add(GroupName);
      return { Group: { GroupName } };
    },
    // API_AdminAddUserToGroup
    AdminAddUserToGroup({ Username, GroupName = '' }) {
      const user = known(Username);
      if (!pool.groups.has(GroupName)) throw new AwsError('ResourceNotFoundException', 'Group not found.');
      user.groups.add(GroupName);
      return {};
    },
    // API_AdminRemoveUserFromGroup
    AdminRemoveUserFromGroup({ Username, GroupName = '' }) {
      known(Username).groups.delete(GroupName);
      return {};
    },
    // API_AdminDisableUser: "Deactivates a user profile and revokes all access tokens for the user."
    AdminDisableUser({ Username }) {
      const user = known(Username);
      user.enabled = false;
      pool.revokeAll(user.username);
      return {};
    },
    // API_AdminEnableUser
    AdminEnableUser({ Username }) {
      known(Username).enabled = true;
      return {};
    },
  };
  return operations;
}

const attributesOf = (user: RecordedUser) => [
  { Name: 'sub', Value: user.sub },
  { Name: 'email', Value: user.email },
  ...(user.name === undefined ? [] : [{ Name: 'name', Value: user.name }]),
];
