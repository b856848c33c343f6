import { DateClock } from 'cognito-local/lib/services';
import { CognitoServiceFactoryImpl } from 'cognito-local/lib/services/cognitoService';
import { StormDBDataStoreFactory } from 'cognito-local/lib/services/dataStore/stormDb';
import { UserPoolServiceFactoryImpl } from 'cognito-local/lib/services/userPoolService';
import { mkdirSync, writeFileSync } from 'node:fs';

type Context = Parameters<CognitoServiceFactoryImpl['create']>[0];

/** Below the folder that the server works in. */
const FOLDER = '.cognito';

/**
 * Makes the pool and its client under given names, by the server's own means but not through its API, which gives them names of
 * its own. Does nothing about what is there.
 */
export async function ensurePool(
  ctx: Context,
  { poolId, clientId, issuerDomain }: { poolId: string; clientId: string; issuerDomain: string },
): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/config.json`, JSON.stringify({ TokenConfig: { IssuerDomain: issuerDomain } }));
  const folder = `${FOLDER}/db`;
  const clock = new DateClock();
  const stores = new StormDBDataStoreFactory(folder);
  const pools = new UserPoolServiceFactoryImpl(clock, stores);
  const cognito = await new CognitoServiceFactoryImpl(folder, stores, pools).create(ctx, {
    UsernameAttributes: ['email'],
  });
  const known = await cognito.listUserPools(ctx);
  if (!known.some(({ Id }) => Id === poolId))
    await cognito.createUserPool(ctx, { Id: poolId, Name: 'kinora', AutoVerifiedAttributes: ['email'] });
  if (await cognito.getAppClient(ctx, clientId)) return;
  const pool = await cognito.getUserPool(ctx, poolId);
  const now = clock.get();
  await pool.saveAppClient(ctx, {
    ClientId: clientId,
    ClientName: 'kinora',
    UserPoolId: poolId,
    CreationDate: now,
    LastModifiedDate: now,
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    AccessTokenValidity: 60,
    TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'days' },
  } as Parameters<typeof pool.saveAppClient>[1]);
}
