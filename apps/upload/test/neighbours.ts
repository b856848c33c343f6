import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { authInternalContract } from '@kinora/contracts-auth';
import { catalogInternalContract } from '@kinora/contracts-catalog';
import { DomainError, type Principal, type Role, notFound } from '@kinora/contracts-common';
import { type Authenticator, createLogger, errorHandler, mount } from '@kinora/service';
import { type CognitoServer } from '@kinora/testing';
import express, { Router } from 'express';
import { type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

const PASSWORD = 'Correct-Horse-1';

/** People of a real cognito-local. */
export async function createPeople(server: CognitoServer) {
  const cognito = new CognitoIdentityProviderClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const pool = await cognito.send(new CreateUserPoolCommand({ PoolName: 'p', UsernameAttributes: ['email'] }));
  const UserPoolId = pool.UserPool?.Id ?? '';
  const app = await cognito.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'c' }));
  const ClientId = app.UserPoolClient?.ClientId ?? '';
  for (const GroupName of ['viewer', 'creator', 'admin'])
    await cognito.send(new CreateGroupCommand({ UserPoolId, GroupName }));
  return {
    environment: {
      COGNITO_USER_POOL_ID: UserPoolId,
      COGNITO_CLIENT_ID: ClientId,
      COGNITO_ISSUER: `${server.issuerDomain}/${UserPoolId}`,
    },
    /** The access token of a new person. */
    async person(name: string, role: Role): Promise<string> {
      const Username = `${name}@example.org`;
      await cognito.send(
        new AdminCreateUserCommand({
          UserPoolId,
          Username,
          MessageAction: 'SUPPRESS',
          UserAttributes: [{ Name: 'email', Value: Username }],
        }),
      );
      await cognito.send(
        new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: PASSWORD, Permanent: true }),
      );
      await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: role }));
      const answer = await cognito.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: Username, PASSWORD },
        }),
      );
      return answer.AuthenticationResult?.AccessToken ?? '';
    },
  };
}

export interface Registration {
  readonly videoId: string;
  readonly title: string;
  readonly existing: boolean;
}

/** A video as catalog was told of it. */
export interface Described {
  readonly version: number;
  readonly ownerId: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly visibility?: string | undefined;
}

/** Other services, as far as upload calls them: their contracts, served over HTTP. */
export async function startNeighbours() {
  const registrations: Registration[] = [];
  const apiKeys = new Map<string, Principal>();
  const drafts = new Set<string>();
  const videos = new Map<string, Described>();
  const authenticator: Authenticator = {
    identify: async ({ authorization }) =>
      authorization === undefined ? undefined : { kind: 'service', service: 'upload' },
  };
  let down = false;
  const router = Router();
  mount(router, authInternalContract.issueServiceToken, { authenticator }, async () => ({
    token: 'a.b.c',
    expiresIn: 600,
  }));
  mount(router, authInternalContract.verifyApiKey, { authenticator }, async ({ body }) => {
    const principal = apiKeys.get(body.secret);
    if (!principal) throw new DomainError('unauthenticated', 'auth.api_key_refused', 'unknown');
    return principal;
  });
  mount(router, catalogInternalContract.registerUpload, { authenticator }, async ({ params: { videoId }, body }) => {
    if (down) throw new DomainError('unavailable', 'service.unavailable', 'down');
    if (body.existing && !drafts.has(videoId)) throw notFound('video.not_found', 'no such video');
    registrations.push({ videoId, title: body.title, existing: body.existing });
    videos.set(videoId, { version: 1, ...videos.get(videoId), ...body });
    return { videoId, status: 'uploading' as const };
  });
  mount(router, catalogInternalContract.describeVideo, { authenticator }, async ({ params: { videoId }, body }) => {
    const video = videos.get(videoId);
    if (!video) throw notFound('video.not_found', 'no such video');
    if (video.version !== 1) throw new DomainError('conflict', 'video.conflict', 'edited');
    videos.set(videoId, { ...video, ...body, title: body.title ?? video.title, version: 2 });
    return { videoId };
  });
  const app = express();
  app.use(express.json(), router, errorHandler(createLogger('neighbours', 'silent')));
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    registrations,
    videos,
    apiKeys,
    drafts,
    setDown: (value: boolean) => void (down = value),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
