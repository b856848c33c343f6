import { DomainError, newId } from '@kinora/contracts-common';
import { type Logger, problemOf } from '@kinora/service';
import { type Locker, Server } from '@tus/server';
import { type TusDataStore } from './tus-data-store';

export interface TusServerParts {
  readonly datastore: TusDataStore;
  readonly locker: Locker;
  readonly maxBytes: number;
  readonly publicUrl: string;
  readonly onFinish: (id: string) => Promise<unknown>;
  readonly logger: Logger;
}

export const TUS_PATH = '/v1/tus';

const isProtocolError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'status_code' in error;

/** @tus/server with Kinora's store, lock and errors. */
export const createTusServer = ({ datastore, locker, maxBytes, publicUrl, onFinish, logger }: TusServerParts): Server =>
  new Server({
    path: TUS_PATH,
    datastore,
    locker,
    maxSize: maxBytes,
    // Who is asked to let go has this long for the bytes at hand.
    lockDrainTimeout: 500,
    allowedOrigins: [new URL(publicUrl).origin],
    namingFunction: () => newId('upl'),
    generateUrl: (_req, { id }) => `${publicUrl}${TUS_PATH}/${id}`,
    onUploadFinish: async (_req, { id }) => {
      await onFinish(id);
      return {};
    },
    onResponseError: (_req, error) => {
      if (isProtocolError(error)) return undefined;
      const { problem } = problemOf(error);
      if (problem.status >= 500) logger.error({ err: error, code: problem.code }, 'tus request failed');
      return { status_code: problem.status, body: JSON.stringify(problem) };
    },
  });

/** More transfers at a time than this process has memory for. */
export const tooManyTransfers = () =>
  new DomainError('unavailable', 'upload.busy', 'Too many transfers at the moment. Try again shortly.', {
    retryAfter: 5,
  });
