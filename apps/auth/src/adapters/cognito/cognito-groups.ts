import {
  AdminAddUserToGroupCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  type CognitoIdentityProviderClient,
  CreateGroupCommand,
  ListGroupsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { Role } from '@kinora/contracts-common';
import { type Call, nameOf } from './cognito-errors';

export interface GroupParts {
  readonly client: CognitoIdentityProviderClient;
  readonly userPoolId: string;
  readonly call: Call;
}

/** Roles as Cognito groups of the same names. */
export function createCognitoGroups({ client, userPoolId: UserPoolId, call }: GroupParts) {
  // cognito-local loses one of two changes that are made at once.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work, work);
    turn = result.catch(() => undefined);
    return result;
  };

  const create = async (role: Role): Promise<void> => {
    try {
      await client.send(new CreateGroupCommand({ UserPoolId, GroupName: role }));
    } catch (error) {
      if (nameOf(error) !== 'GroupExistsException') throw error;
    }
  };

  /** In a pool without any group, cognito-local fails (500, no type) where Cognito says that the group is not found. */
  const isWithoutGroups = async (error: unknown): Promise<boolean> => {
    if (nameOf(error) !== 'Unknown') return false;
    const answer = await client.send(new ListGroupsCommand({ UserPoolId }));
    return (answer.Groups ?? []).length === 0;
  };

  return {
    async rolesOf(username: string): Promise<Role[]> {
      const answer = await call('AdminListGroupsForUser', 'other', () =>
        client.send(new AdminListGroupsForUserCommand({ UserPoolId, Username: username, Limit: 60 })),
      );
      return (answer.Groups ?? []).flatMap((group) => Role.safeParse(group.GroupName).data ?? []);
    },
    add: (username: string, role: Role): Promise<void> =>
      inTurn(() =>
        call('AdminAddUserToGroup', 'other', async () => {
          const command = new AdminAddUserToGroupCommand({ UserPoolId, Username: username, GroupName: role });
          try {
            await client.send(command);
          } catch (error) {
            if (nameOf(error) !== 'ResourceNotFoundException' && !(await isWithoutGroups(error))) throw error;
            await create(role);
            await client.send(command);
          }
        }),
      ),
    remove: (username: string, role: Role): Promise<void> =>
      inTurn(() =>
        call('AdminRemoveUserFromGroup', 'other', async () => {
          await client.send(new AdminRemoveUserFromGroupCommand({ UserPoolId, Username: username, GroupName: role }));
        }),
      ),
  };
}
