import { randomUUID } from 'node:crypto';
import { type Job } from '../jobs/job';
import { type Bus } from './bus';

/** Tells of jobs as the service does: events of EventBridge's default bus ("Using EventBridge with AWS Elemental MediaConvert"). */
export interface Events {
  /** PROGRESSING, COMPLETE, ERROR, CANCELED. */
  changed(job: Job): void;
  /** STATUS_UPDATE. */
  updated(job: Job): void;
  /** Waits until all events are sent. */
  close(): Promise<void>;
}

const PHASES = ['PROBING', 'TRANSCODING', 'UPLOADING'] as const;

function progress(job: Job) {
  const at = PHASES.findIndex((phase) => phase === job.phase);
  const phases = PHASES.map((phase, n) => {
    const status = n < at ? 'COMPLETE' : n === at ? 'PROGRESSING' : 'PENDING';
    const percentComplete = n < at ? 100 : n === at ? Math.floor(job.percent) : 0;
    return [phase, { status, percentComplete }] as const;
  });
  return {
    phaseProgress: Object.fromEntries(phases),
    jobPercentComplete: Math.floor(job.percent),
    currentPhase: job.phase,
    retryCount: 0,
  };
}

/** `detail` of an event. */
export const detailOf = (job: Job, status: string, account: string) => ({
  timestamp: Date.now(),
  accountId: account,
  queue: job.queue,
  jobId: job.id,
  status,
  userMetadata: job.request.userMetadata ?? {},
  ...(status === 'STATUS_UPDATE' && { jobProgress: progress(job) }),
  ...(status === 'ERROR' && { errorCode: job.errorCode, errorMessage: job.errorMessage }),
  ...(status === 'COMPLETE' && {
    outputGroupDetails: [{ outputDetails: job.outputs, playlistFilePaths: job.playlists, type: 'CMAF_GROUP' }],
  }),
});

export interface EventsOptions {
  readonly bus: Bus;
  readonly region: string;
  readonly account: string;
  readonly report: (problem: unknown) => void;
}

/** Events in the order in which things happened. */
export function createEvents({ bus, region, account, report }: EventsOptions): Events {
  let last: Promise<void> = Promise.resolve();
  const send = (job: Job, status: string): void => {
    const event = {
      ...{ version: '0', id: randomUUID(), 'detail-type': 'MediaConvert Job State Change' },
      ...{ source: 'aws.mediaconvert', account, region, resources: [job.arn] },
      time: new Date().toISOString().replace(/\.\d+/, ''),
      detail: detailOf(job, status, account),
    };
    last = last.then(() => bus.deliver(event)).catch(report);
  };
  return {
    changed: (job) => send(job, job.status),
    updated: (job) => send(job, 'STATUS_UPDATE'),
    async close() {
      await last;
      bus.close();
    },
  };
}
