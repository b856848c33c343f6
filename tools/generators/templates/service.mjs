import { camel, pascal, projectFiles } from './common.mjs';

/** What crosses the new service's boundary. */
export function contractFiles(name) {
  const folder = `libs/contracts/${name}`;
  return {
    folder,
    importName: `@kinora/contracts-${name}`,
    files: {
      ...projectFiles({ name: `contracts-${name}`, folder, kind: 'library', tags: ['type:contract', `scope:${name}`] }),
      'src/index.ts': `export * from './about.contract';\n`,
      'src/about.contract.ts': `import { Timestamp, endpoint } from '@kinora/contracts-common';
import { z } from 'zod';

export const ${camel(name)}Contract = {
  getAbout: endpoint({
    id: '${name}.getAbout',
    method: 'get',
    path: '/v1/${name}/about',
    access: 'public',
    summary: 'What this service is, and since when it runs',
    success: { status: 200, body: z.object({ service: z.string(), since: Timestamp }) },
    problems: [],
  }),
} as const;
`,
    },
  };
}

/** A service in the house style: one use case, one route, one test on a real port. */
export function serviceFiles(name) {
  const folder = `apps/${name}`;
  const contract = `${camel(name)}Contract`;
  return {
    folder,
    files: {
      ...projectFiles({
        name,
        folder,
        kind: 'application',
        tags: ['type:app', `scope:${name}`],
        build: `node tools/build/service.mjs ${name}`,
      }),
      'src/main.ts': `import { runService } from '@kinora/service';
import { compose } from './composition';
import { readConfig } from './config';

void runService('${name}', (base) => compose(base, readConfig()));
`,
      'src/config.ts': `import { type Environment, authShape, baseShape, loadConfig } from '@kinora/service';
import { type z } from 'zod';

const shape = { ...baseShape, ...authShape };

export type ${pascal(name)}Config = Readonly<z.output<z.ZodObject<typeof shape>>>;

export const readConfig = (env?: Environment): ${pascal(name)}Config => loadConfig(shape, env);
`,
      'src/composition.ts': `import { type Base, type Listening, createAuthenticator, createServiceTokens } from '@kinora/service';
import { create${pascal(name)}App } from './app';
import { type ${pascal(name)}Config } from './config';
import { createAbout } from './domain/about';

/** Builds the service from its configuration. */
export async function compose(base: Base, config: ${pascal(name)}Config): Promise<Listening> {
  const tokens = createServiceTokens(config, base.name);
  const authenticator = createAuthenticator({ settings: config, tokens });
  const app = create${pascal(name)}App(base, {
    about: createAbout({ service: base.name, startedAt: new Date() }),
    mounting: { authenticator },
  });
  return { app, port: config.PORT, host: config.HOST };
}
`,
      'src/app.ts': `import { ${contract} } from '@kinora/contracts-${name}';
import { type Base, createApp } from '@kinora/service';
import { type Express } from 'express';
import { type AboutRouteParts, aboutRoutes } from './routes/about.routes';

export const create${pascal(name)}App = (base: Base, parts: AboutRouteParts): Express =>
  createApp({ ...base, contracts: [${contract}], routers: [aboutRoutes(parts)] });
`,
      'src/routes/about.routes.ts': `import { ${contract} } from '@kinora/contracts-${name}';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import { type About } from '../domain/about';

export interface AboutRouteParts {
  readonly about: About;
  readonly mounting: Mounting;
}

/** What this service says of itself. */
export function aboutRoutes({ about, mounting }: AboutRouteParts): Router {
  const router = Router();
  mount(router, ${contract}.getAbout, mounting, async () => {
    const { service, startedAt } = about();
    return { service, since: startedAt.toISOString() };
  });
  return router;
}
`,
      'src/domain/about.ts': `export interface ServiceFacts {
  readonly service: string;
  readonly startedAt: Date;
}
export type About = () => ServiceFacts;

export const createAbout =
  (facts: ServiceFacts): About =>
  () =>
    facts;
`,
      'test/about.int.spec.ts': `import { ${contract} } from '@kinora/contracts-${name}';
import { createClient } from '@kinora/contracts-common';
import { createBase, listen, type RunningService } from '@kinora/service';
import { compose } from '../src/composition';
import { readConfig } from '../src/config';

let service: RunningService;

beforeAll(async () => {
  const config = readConfig({
    PORT: '0',
    KINORA_PUBLIC_URL: 'http://localhost:8080',
    KINORA_AUTH_URL: 'http://127.0.0.1:1',
    KINORA_SERVICE_SECRET: 'a-secret-for-this-test',
    COGNITO_USER_POOL_ID: 'pool',
    COGNITO_CLIENT_ID: 'client',
  });
  const base = createBase('${name}', 'silent');
  service = await listen(base, await compose(base, config));
});
afterAll(() => service.stop());

it('says what it is', async () => {
  const about = await createClient(${contract}, service.url).getAbout({});
  expect(about.service).toBe('${name}');
});

it('is ready', async () => {
  expect((await fetch(\`\${service.url}/readyz\`)).status).toBe(200);
});
`,
    },
  };
}
