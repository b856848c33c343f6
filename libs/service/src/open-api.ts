import { type Contract, type Endpoint, Problem } from '@kinora/contracts-common';
import { type ZodOpenApiOperationObject, type ZodOpenApiPathsObject, createDocument } from 'zod-openapi';

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
});

function operation(e: Endpoint): ZodOpenApiOperationObject {
  const success = {
    description: 'Success',
    ...(e.success.status !== 204 && { content: { 'application/json': { schema: e.success.body } } }),
  };
  return {
    operationId: e.id,
    summary: e.summary,
    tags: [e.id.split('.')[0] ?? 'kinora'],
    ...((e.params ?? e.query ?? e.idempotent) && {
      requestParams: { ...(e.params && { path: e.params }), ...(e.query && { query: e.query }) },
    }),
    ...(e.body && { requestBody: { content: { 'application/json': { schema: e.body } } } }),
    ...(e.access !== 'public' && {
      security: [
        { bearer: [] },
        ...(e.scope === undefined ? [] : [{ apiKey: [] }]),
        ...(e.access === 'optional' ? [{}] : []),
      ],
    }),
    responses: {
      [`${e.success.status}`]: success,
      default: problem(
        ['A problem document.', ...(e.problems.length > 0 ? [`Codes: ${e.problems.join(', ')}`] : [])].join(' '),
      ),
    },
  };
}

/** OpenAPI 3.1 of the public endpoints of some contracts; internal ones are left out. */
export function openApiDocument(title: string, contracts: readonly Contract[]): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const e of contracts.flatMap((contract) => Object.values(contract))) {
    if (!e.path.startsWith('/internal/')) (paths[e.path] ??= {})[e.method] = operation(e);
  }
  return createDocument({
    openapi: '3.1.0',
    info: { title, version: '1' },
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
    },
  });
}
