import { encodeStoryboard as job } from '@kinora/contracts-transcode';
import { type JobHandler, handle } from '@kinora/jobs';
import { encodeJob } from '../domain/encode-job';
import { makeStoryboard } from '../domain/make-storyboard';
import { type EncodeDeps } from '../domain/ports';

export const storyboardWorker = (deps: EncodeDeps): JobHandler => {
  const work = makeStoryboard(deps);
  return handle(job, (data, { id, attempt, signal }) => work(encodeJob(data), { id, attempt, signal }));
};
