import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { asSetUp, backend } from '@kinora/testing';
import { randomUUID } from 'node:crypto';
import { ConfigError, loadConfig, rereading, resolveSecrets } from '../src';
import { z } from 'zod';

const { endpoint } = backend('aws');
const client = new SecretsManagerClient(asSetUp(backend('aws')));
afterAll(() => client.destroy());

const shape = { KEY_ID: z.string(), KEY: z.string(), PLAIN: z.string() };

it('variables get what Secrets Manager says, by name and by ARN, and what it says later', async () => {
  const name = `kinora/${randomUUID()}`;
  const say = (id: string, key: string) => JSON.stringify({ id, key });
  const { ARN } = await client.send(new CreateSecretCommand({ Name: name, SecretString: say('K1', 'one') }));
  const plain = `${name}-plain`;
  await client.send(new CreateSecretCommand({ Name: plain, SecretString: 'a plain text' }));
  const env = {
    SECRETS_ENDPOINT: endpoint,
    KEY_ID: `secretsmanager://${name}#id`,
    KEY: `secretsmanager://${ARN}#key`,
    PLAIN: `secretsmanager://${plain}`,
  };
  const first = loadConfig(shape, await resolveSecrets(env));
  expect(first).toEqual({ KEY_ID: 'K1', KEY: 'one', PLAIN: 'a plain text' });

  await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: say('K2', 'two') }));
  const again = rereading((resolved) => loadConfig(shape, resolved), env);
  expect(await again?.()).toEqual({ KEY_ID: 'K2', KEY: 'two', PLAIN: 'a plain text' });
});

it('a secret that is not there is told by its name', async () => {
  const missing = `kinora/${randomUUID()}`;
  const env = await resolveSecrets({
    ...{ SECRETS_ENDPOINT: endpoint, KEY_ID: 'K', KEY: 'k' },
    PLAIN: `secretsmanager://${missing}`,
  });
  expect(() => loadConfig(shape, env)).toThrow(ConfigError);
  expect(() => loadConfig(shape, env)).toThrow(
    `PLAIN: the secret ${missing} can’t be read (ResourceNotFoundException)`,
  );
});
