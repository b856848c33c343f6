import { encodeBeginning as job } from '@kinora/contracts-transcode';
import { type JobHandler, handle } from '@kinora/jobs';
import { encodeJob } from '../domain/encode-job';
import { encodeBeginning } from '../domain/encode-beginning';
import { type EncodeDeps } from '../domain/ports';

export const beginningWorker = (deps: EncodeDeps): JobHandler => {
  const work = encodeBeginning(deps);
  return handle(job, (data, { id, attempt, signal }) => work(encodeJob(data), { id, attempt, signal }));
};
