import { encodingsContract, type Encoding as EncodingReply } from '@kinora/contracts-transcode';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import { type cancelEncoding } from '../domain/cancel-encoding';
import { type Encoding } from '../domain/encoding';
import { type encodeAgain } from '../domain/encode-again';
import { secondsUntil } from '../domain/estimate';
import { type ownedEncoding } from '../domain/owned-encoding';
import { type retryEncoding } from '../domain/retry-encoding';

const engineOf = (encoding: Encoding) => ('work' in encoding ? encoding.work?.engine : undefined);

const toReply = (encoding: Encoding): EncodingReply => ({
  id: encoding.id,
  videoId: encoding.videoId,
  state: encoding.state,
  engine: engineOf(encoding)?.name ?? 'undecided',
  // Encodings of before engines were chosen have none.
  engineReason: engineOf(encoding)?.reason || null,
  progress: encoding.progress,
  estimatedSecondsLeft: 'estimatedEnd' in encoding ? secondsUntil(encoding.estimatedEnd, new Date()) : null,
  error: 'error' in encoding ? encoding.error : null,
  createdAt: encoding.createdAt.toISOString(),
  finishedAt: 'finishedAt' in encoding ? encoding.finishedAt.toISOString() : null,
});

export interface EncodingUseCases {
  readonly owned: ReturnType<typeof ownedEncoding>;
  readonly cancel: ReturnType<typeof cancelEncoding>;
  readonly retry: ReturnType<typeof retryEncoding>;
  readonly again: ReturnType<typeof encodeAgain>;
}

/** `/v1/videos/{videoId}/encoding`: what owners ask. */
export function encodingRoutes(mounting: Mounting, { owned, cancel, retry, again }: EncodingUseCases): Router {
  const router = Router();
  mount(router, encodingsContract.getEncoding, mounting, async ({ caller, params }) =>
    toReply(await owned(caller, params.videoId)),
  );
  mount(router, encodingsContract.cancelEncoding, mounting, async ({ caller, params }) =>
    toReply(await cancel(await owned(caller, params.videoId))),
  );
  mount(router, encodingsContract.retryEncoding, mounting, async ({ caller, params }) =>
    toReply(await retry(await owned(caller, params.videoId))),
  );
  mount(router, encodingsContract.encodeAgain, mounting, async ({ caller, params }) =>
    toReply(await again(await owned(caller, params.videoId))),
  );
  return router;
}
