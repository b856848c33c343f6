import { HOSTED } from '@kinora/contracts-auth';
import { PASSWORD, PUBLIC_URL, startService } from '../harness';
import { startRecordedCognito } from './recorded-cognito';
import { type RecordedUser } from './recorded-cognito-pool';

export type RecordedAuth = Awaited<ReturnType<typeof startRecordedAuth>>;

/** The service on a pool that answers in AWS's documented shapes. */
export async function startRecordedAuth({
  clientSecret,
  ...extra
}: { clientSecret?: string; [name: string]: string } = {}) {
  const cognito = await startRecordedCognito({
    callbackUrl: `${PUBLIC_URL}${HOSTED.callback}`,
    ...(clientSecret !== undefined && { clientSecret }),
  });
  const { pool } = cognito;
  const service = await startService({
    COGNITO_USER_POOL_ID: pool.poolId,
    COGNITO_CLIENT_ID: pool.clientId,
    COGNITO_ENDPOINT: cognito.url,
    COGNITO_ISSUER: cognito.issuer,
    COGNITO_DOMAIN: cognito.url,
    ...(clientSecret !== undefined && { COGNITO_CLIENT_SECRET: clientSecret }),
    ...extra,
  });
  return {
    ...service,
    cognito,
    /** A confirmed account that was made outside of Kinora. */
    add: (email: string, given: Partial<RecordedUser> = {}) =>
      pool.add(email, { password: PASSWORD, status: 'CONFIRMED', name: 'Somebody', ...given }),
    signIn: (email: string, password = PASSWORD) => service.people.signIn({ body: { email, password } }),
    async stop() {
      await service.stop();
      cognito.stop();
    },
  };
}
