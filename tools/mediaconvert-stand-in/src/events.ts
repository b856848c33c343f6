import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type Job } from './jobs/job';

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
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  readonly report: (problem: unknown) => void;
}

/** Puts events on the default bus, in order. Real ones come from AWS itself, which no customer can put in its place. */
export function createEvents({ endpoint, region, account, report }: EventsOptions): Events {
  const client = new EventBridgeClient({ endpoint, region });
  let last: Promise<void> = Promise.resolve();
  const send = (job: Job, status: string): void => {
    const entry = {
      Source: 'aws.mediaconvert',
      DetailType: 'MediaConvert Job State Change',
      Resources: [job.arn],
      Time: new Date(),
      Detail: JSON.stringify(detailOf(job, status, account)),
    };
    last = last
      .then(async () => {
        const { Entries, FailedEntryCount } = await client.send(new PutEventsCommand({ Entries: [entry] }));
        if (FailedEntryCount) throw new Error(`event refused: ${JSON.stringify(Entries)}`);
      })
      .catch(report);
  };
  return {
    changed: (job) => send(job, job.status),
    updated: (job) => send(job, 'STATUS_UPDATE'),
    async close() {
      await last;
      client.destroy();
    },
  };
}
