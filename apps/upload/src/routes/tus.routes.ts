import { type Person, UploadId, forbidden, unauthenticated } from '@kinora/contracts-common';
import { uploadsContract } from '@kinora/contracts-upload';
import { type Authenticator } from '@kinora/service';
import { type Express, type Request } from 'express';
import { type AsyncLocalStorage } from 'node:async_hooks';
import { type Server } from '@tus/server';
import { TUS_PATH, tooManyTransfers } from '../adapters/tus/tus-server';
import { type UploadRepository } from '../domain/ports';
import { mustSee } from '../domain/upload';

export interface TusRouteParts {
  readonly server: Server;
  readonly authenticator: Authenticator;
  readonly uploads: Pick<UploadRepository, 'find'>;
  /** Carries the caller to the data store. */
  readonly calls: AsyncLocalStorage<Person>;
  readonly maxConcurrent: number;
}

const SCOPE = uploadsContract.createUpload.scope;

async function callerOf(req: Request, authenticator: Authenticator): Promise<Person> {
  const principal = await authenticator.identify({
    authorization: req.get('authorization'),
    apiKey: req.get('x-api-key'),
  });
  if (!principal) throw unauthenticated();
  if (principal.kind === 'service') throw forbidden('This call is made by people, not by services.');
  if (principal.kind === 'api-key' && !principal.scopes.includes(SCOPE))
    throw forbidden(`The API key lacks the scope ${SCOPE}.`);
  return principal;
}

/** tus 1.0. Only who asks, and whose upload it is, is settled here; the protocol is @tus/server's. */
export function mountTus(app: Express, { server, authenticator, uploads, calls, maxConcurrent }: TusRouteParts): void {
  let transfers = 0;
  app.all([TUS_PATH, `${TUS_PATH}/:uploadId`], async (req, res) => {
    if (req.method === 'OPTIONS') return server.handle(req, res);
    const caller = await callerOf(req, authenticator);
    const { uploadId } = req.params;
    if (uploadId !== undefined) {
      const id = UploadId.safeParse(uploadId);
      mustSee(id.success ? await uploads.find(id.data) : undefined, caller);
    }
    const carries = req.method === 'PATCH' || req.method === 'POST';
    if (carries && transfers >= maxConcurrent) throw tooManyTransfers();
    transfers += carries ? 1 : 0;
    try {
      await calls.run(caller, () => server.handle(req, res));
    } finally {
      transfers -= carries ? 1 : 0;
    }
  });
}
