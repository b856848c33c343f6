import { encodePoster as job } from '@kinora/contracts-transcode';
import { type JobHandler, handle } from '@kinora/jobs';
import { encodeJob } from '../domain/encode-job';
import { makePoster } from '../domain/make-poster';
import { type EncodeDeps } from '../domain/ports';

export const posterWorker = (deps: EncodeDeps): JobHandler => {
  const work = makePoster(deps);
  return handle(job, (data, { id, attempt, signal }) => work(encodeJob(data), { id, attempt, signal }));
};
