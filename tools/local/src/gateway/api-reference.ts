import { readFile } from 'node:fs/promises';
import { type ServerResponse } from 'node:http';
import path from 'node:path';
import { workspaceRoot } from '@kinora/testing';

interface Document {
  openapi: string;
  info: { title: string; version: string; description?: string };
  tags?: { name: string }[];
  paths?: Record<string, Record<string, unknown>>;
  components?: Record<string, Record<string, unknown>>;
}

/** One reference of many: paths and components side by side. Two services can't declare the same operation differently. */
export function mergeDocuments(
  publicUrl: string,
  documents: readonly Document[],
): Document & { servers: { url: string }[] } {
  const merged: Document = {
    openapi: '3.1.0',
    info: { title: 'Kinora', version: '1', description: 'The public API of a Kinora platform.' },
  };
  const paths: Record<string, Record<string, unknown>> = {};
  const components: Record<string, Record<string, unknown>> = {};
  for (const document of documents) {
    for (const [route, operations] of Object.entries(document.paths ?? {})) {
      for (const method of Object.keys(operations)) {
        if (paths[route]?.[method] !== undefined) throw new Error(`two services declare ${method} ${route}`);
      }
      paths[route] = { ...paths[route], ...operations };
    }
    for (const [kind, entries] of Object.entries(document.components ?? {}))
      components[kind] = { ...components[kind], ...entries };
  }
  return {
    ...merged,
    servers: [{ url: publicUrl }],
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => a.localeCompare(b))),
    components,
  };
}

/** Asks every service for its document and merges them; a service that serves none has no public API. */
export async function collectDocuments(
  publicUrl: string,
  urls: readonly string[],
): Promise<ReturnType<typeof mergeDocuments>> {
  const documents = await Promise.all(
    urls.map(async (url) => {
      const answer = await fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(5_000) });
      if (!answer.ok || !answer.headers.get('content-type')?.includes('json')) return [];
      return [(await answer.json()) as Document];
    }),
  );
  return mergeDocuments(publicUrl, documents.flat());
}

const ASSETS: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'favicon-32x32.png': 'image/png',
};

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Kinora API</title><link rel="stylesheet" href="/docs/swagger-ui.css"><link rel="icon" href="/docs/favicon-32x32.png">
<div id="reference"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/reference.js"></script></html>`;
const SCRIPT = `SwaggerUIBundle({ url: '/docs/openapi.json', dom_id: '#reference', deepLinking: true, persistAuthorization: false });`;

/** Answers below `/docs`; `document` is called for the merged reference. */
export async function serveReference(
  pathname: string,
  response: ServerResponse,
  document: () => Promise<unknown>,
  files = path.join(workspaceRoot, 'node_modules/swagger-ui-dist'),
): Promise<void> {
  const name = pathname.replace(/^\/docs\/?/, '');
  const send = (type: string, body: string | Buffer) =>
    response.writeHead(200, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body);
  const type = ASSETS[name];
  if (name === '') send('text/html; charset=utf-8', PAGE);
  else if (name === 'reference.js') send('text/javascript', SCRIPT);
  else if (name === 'openapi.json') send('application/json', JSON.stringify(await document()));
  else if (type !== undefined) send(type, await readFile(path.join(files, name)));
  else response.writeHead(404).end();
}
