import { encodeChunk as job } from '@kinora/contracts-transcode';
import { type JobHandler, handle } from '@kinora/jobs';
import { encodeJob } from '../domain/encode-job';
import { encodeChunk } from '../domain/encode-chunk';
import { type EncodeDeps } from '../domain/ports';

export const chunkWorker = (deps: EncodeDeps): JobHandler => {
  const work = encodeChunk(deps);
  return handle(job, (data, { id, attempt, signal }) => work(encodeJob(data), { id, attempt, signal }));
};
