import { type encodingsInternalContract } from '@kinora/contracts-transcode';
import { type z } from 'zod';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

export type Report = z.output<typeof encodingsInternalContract.reportSegments.body> & {
  encodingId: string;
  at: number;
};

/** What an encoder calls: auth's token endpoint and transcode's reports, by their contracts, answering as the test wants. */
export async function startControlPlane(): Promise<{
  url: string;
  reports: Report[];
  /** Answer to reports from now on. */
  answer: { status: number; code: string } | undefined;
  stop(): Promise<void>;
}> {
  const plane = {
    url: '',
    reports: [] as Report[],
    answer: undefined as { status: number; code: string } | undefined,
    stop: () => new Promise<void>((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  };
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>;
      if (req.url === '/internal/v1/service-tokens') {
        res.setHeader('content-type', 'application/json').end(JSON.stringify({ token: 'token', expiresIn: 600 }));
        return;
      }
      const encodingId = /^\/internal\/v1\/encodings\/(enc_\w+)\/segments$/.exec(req.url ?? '')?.[1];
      if (!encodingId || req.headers.authorization !== 'Bearer token') {
        res.writeHead(404).end();
        return;
      }
      plane.reports.push({ ...(body as Omit<Report, 'encodingId' | 'at'>), encodingId, at: Date.now() });
      const { answer } = plane;
      if (!answer) return void res.writeHead(204).end();
      res.writeHead(answer.status, { 'content-type': 'application/problem+json' });
      res.end(JSON.stringify({ title: 'no', status: answer.status, code: answer.code }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  plane.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return plane;
}
