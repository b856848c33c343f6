import { z } from 'zod';
import { ConfigError, type Environment, loadConfig } from '.';
import { reportConfig, textOf } from './check-config';
import { type Base } from './run';

const SECRET = 'very-secret-indeed';
const shape = {
  PORT: z.coerce.number().default(3000).describe('Where it listens'),
  TOKEN: z.string().min(30),
  URL: z.url(),
  KEY: z.string().optional(),
  MODE: z.enum(['a', 'b']).default('a'),
};
let composed = false;

/** As a service does it: the configuration is read, then the composition begins with its base. */
const composition = (env: Environment, also: (config: { readonly MODE: string }) => void = () => undefined) => {
  const compose = async ({ name }: Base, _config: unknown): Promise<void> => {
    composed = name !== undefined;
  };
  return (base: Base) => {
    const config = loadConfig(shape, env);
    also(config);
    return compose(base, config);
  };
};
afterEach(() => expect(composed).toBe(false));

it('says of every variable how it would be read, and what it is for', async () => {
  const report = await reportConfig(composition({ TOKEN: SECRET, URL: 'http://a', KEY: '' }), { URL: 'Whither' });
  expect(report).toEqual({
    variables: [
      { name: 'PORT', state: 'default', detail: '3000', meaning: 'Where it listens' },
      { name: 'TOKEN', state: 'wrong', detail: expect.stringMatching(/>=30 characters/) as string },
      { name: 'URL', state: 'set', meaning: 'Whither' },
      { name: 'KEY', state: 'not set' },
      { name: 'MODE', state: 'default', detail: 'a' },
    ],
    others: [],
  });
  const text = textOf('auth', report);
  expect(text).toMatch(/^auth: 1 problem\n {2}wrong {4}TOKEN /);
  expect(text).not.toContain(SECRET);
});

it('names what is missing', async () => {
  const { variables } = await reportConfig(composition({}));
  expect(variables.filter(({ state }) => state === 'missing').map(({ name }) => name)).toEqual(['TOKEN', 'URL']);
});

it('names what belongs together although other variables are wrong', async () => {
  const both = composition({}, ({ MODE }) => {
    throw new ConfigError(`MODE ${MODE} needs KEY`);
  });
  expect((await reportConfig(both)).others).toEqual(['MODE a needs KEY']);
});

it('is content, and has started nothing, when all is there', async () => {
  const report = await reportConfig(composition({ TOKEN: 't'.repeat(30), URL: 'http://a' }));
  expect(report.others).toEqual([]);
  expect(textOf('auth', report)).toMatch(/^auth: the configuration is complete\n/);
});

it('reports what only the reader knows, without what was set', async () => {
  const env = { TOKEN: SECRET.repeat(2), URL: 'http://a' };
  const together = new ConfigError('the configuration is not complete:\n  MODE a needs KEY\n  and more');
  const throwing = (error: Error) =>
    composition(env, () => {
      throw error;
    });
  expect((await reportConfig(throwing(together))).others).toEqual(['MODE a needs KEY', 'and more']);
  expect((await reportConfig(throwing(new Error(`bad token: ${env.TOKEN}`)))).others).toEqual(['bad token: …']);
});
