import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { backend, SET_UP } from '@kinora/testing';
import { createCognitoClient } from '../src/adapters/cognito/cognito-client';
import { createCognitoGroups } from '../src/adapters/cognito/cognito-groups';

const region = 'us-east-1';
const { endpoint } = backend('cognito');

it('makes the first group of a pool for its first member, also where the pool’s server fails for want of any', async () => {
  const client = createCognitoClient(region, endpoint);
  const admin = new CognitoIdentityProviderClient({ region, endpoint, userAgentAppId: SET_UP });
  const { UserPool } = await admin.send(new CreateUserPoolCommand({ PoolName: 'without groups' }));
  const UserPoolId = UserPool?.Id ?? '';
  const Username = 'first@example.org';
  const { User } = await admin.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }));

  const groups = createCognitoGroups({ client, userPoolId: UserPoolId, call: (_name, _operation, work) => work() });
  await groups.add(Username, 'creator');
  expect(await groups.rolesOf(User?.Username ?? '')).toEqual(['creator']);
  client.destroy();
  admin.destroy();
});
