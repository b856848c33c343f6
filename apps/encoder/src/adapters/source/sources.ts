import { type ObjectStore } from '@kinora/storage';
import { createBlockCache, type SourceObject } from './block-cache';
import { type RangeServer, createRangeServer } from './range-server';
import { makeScratch } from './scratch';

export interface SourcesOptions {
  readonly store: Pick<ObjectStore, 'get'>;
  /** The folder in which blocks are kept, in a folder of this process's own. */
  readonly scratch: string;
  readonly maxBytes: number;
}

/** How ffmpeg reads sources that are no files on this machine. Nothing of it is there until it is needed. */
export function createSources({ store, scratch, maxBytes }: SourcesOptions): RangeServer {
  let made: Promise<RangeServer> | undefined;
  const make = async (): Promise<RangeServer> =>
    createRangeServer(createBlockCache({ store, folder: await makeScratch(scratch), maxBytes }));
  return {
    async urlOf(object: SourceObject) {
      made ??= make().catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return (await made).urlOf(object);
    },
    async close() {
      await (await made)?.close();
    },
  };
}
