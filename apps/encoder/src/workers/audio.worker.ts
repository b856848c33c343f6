import { encodeAudio as job } from '@kinora/contracts-transcode';
import { type JobHandler, handle } from '@kinora/jobs';
import { encodeJob } from '../domain/encode-job';
import { encodeAudio } from '../domain/encode-audio';
import { type EncodeDeps } from '../domain/ports';

export const audioWorker = (deps: EncodeDeps): JobHandler => {
  const work = encodeAudio(deps);
  return handle(job, (data, { id, attempt, signal }) => work(encodeJob(data), { id, attempt, signal }));
};
