import { z } from 'zod';
import { ConfigError, loadConfig } from './config';
import { createLogger } from './logger';
import { type FetchSecret, rereading, resolveSecrets, startRereading } from './secrets';

const texts: Record<string, string> = {
  'kinora/plain': 'a plain text',
  'kinora/keys': JSON.stringify({ id: 'K1', pem: 'PEM', all: { k1: 'x' } }),
  'arn:aws:secretsmanager:eu-west-1:1:secret:kinora/a-AbCdEf': 'by ARN',
};
const asked: string[] = [];
const fetchSecret: FetchSecret = async (id) => {
  asked.push(id);
  const text = texts[id];
  if (text === undefined) throw Object.assign(new Error(`no ${id}`), { name: 'ResourceNotFoundException' });
  return text;
};
const resolve = (env: Record<string, string>) => resolveSecrets(env, fetchSecret);

describe('variables that point to a secret', () => {
  it('get what it says, whole or a field of it, from one reading of each', async () => {
    asked.length = 0;
    expect(
      await resolve({
        PORT: '80',
        PLAIN: 'secretsmanager://kinora/plain',
        ARN: 'secretsmanager://arn:aws:secretsmanager:eu-west-1:1:secret:kinora/a-AbCdEf',
        KEY_ID: 'secretsmanager://kinora/keys#id',
        KEY: 'secretsmanager://kinora/keys#pem',
        ALL: 'secretsmanager://kinora/keys#all',
      }),
    ).toEqual({ PORT: '80', PLAIN: 'a plain text', ARN: 'by ARN', KEY_ID: 'K1', KEY: 'PEM', ALL: '{"k1":"x"}' });
    expect(asked.filter((id) => id === 'kinora/keys')).toHaveLength(1);
  });

  it('are looked for only where there are some', async () => {
    const env = { PORT: '80', KINORA_SERVICE_SECRET: 'not a reference' };
    expect(await resolveSecrets(env)).toBe(env);
    expect(rereading((one) => one, env)).toBeUndefined();
  });

  it('are reported with all else that is wrong, and their values never', async () => {
    const env = await resolve({
      PORT: 'x',
      GONE: 'secretsmanager://kinora/gone',
      NO_FIELD: 'secretsmanager://kinora/keys#none',
      NO_JSON: 'secretsmanager://kinora/plain#field',
      WRONG: 'secretsmanager://kinora/plain',
      OPTIONAL: 'secretsmanager://kinora/gone',
      NOT_OURS: 'secretsmanager://kinora/gone',
    });
    const shape = {
      PORT: z.coerce.number(),
      GONE: z.string(),
      NO_FIELD: z.string(),
      NO_JSON: z.string(),
      WRONG: z.url(),
      OPTIONAL: z.string().optional(),
    };
    expect(() => loadConfig(shape, env)).toThrow(ConfigError);
    const text = (() => {
      try {
        loadConfig(shape, env);
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    })();
    expect(text.split('\n').slice(1).sort()).toEqual([
      '  GONE: the secret kinora/gone can’t be read (ResourceNotFoundException)',
      '  NO_FIELD: the secret has no field none',
      '  NO_JSON: the secret is not JSON, so it has no fields',
      '  OPTIONAL: the secret kinora/gone can’t be read (ResourceNotFoundException)',
      expect.stringMatching(/^ {2}PORT: /),
      expect.stringMatching(/^ {2}WRONG: /),
    ]);
    expect(text).not.toContain('plain text');
  });
});

it('readings go on after one that failed, until they are closed', async () => {
  const readings = [new Error('away'), 1, 2];
  const seen: unknown[] = [];
  await new Promise<void>((resolve) => {
    const { close } = startRereading(
      async () => {
        const one = readings.shift();
        if (one instanceof Error) throw one;
        return one;
      },
      0.001,
      createLogger('test', 'silent'),
      (value) => {
        seen.push(value);
        if (readings.length > 0) return;
        close();
        resolve();
      },
    );
  });
  expect(seen).toEqual([1, 2]);
});
