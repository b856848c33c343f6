import { type WireSettings } from '../model/rules';

export type JobStatus = 'SUBMITTED' | 'PROGRESSING' | 'COMPLETE' | 'CANCELED' | 'ERROR';
export type Phase = 'PROBING' | 'TRANSCODING' | 'UPLOADING';

/** Body of a CreateJob request, by the names of the wire. */
export interface CreateJobBody {
  readonly role: string;
  readonly settings: WireSettings;
  readonly queue?: string;
  readonly priority?: number;
  readonly userMetadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly clientRequestToken?: string;
  readonly accelerationSettings?: { readonly mode: string };
  readonly statusUpdateInterval?: string;
}

/** What a finished output is. */
export interface OutputDetail {
  readonly durationInMs: number;
  readonly videoDetails?: { readonly widthInPx: number; readonly heightInPx: number };
}

export interface Job {
  readonly id: string;
  readonly arn: string;
  readonly queue: string;
  readonly createdAt: Date;
  readonly request: CreateJobBody;
  status: JobStatus;
  phase: Phase | undefined;
  percent: number;
  startedAt: Date | undefined;
  finishedAt: Date | undefined;
  errorCode: number | undefined;
  errorMessage: string | undefined;
  outputs: readonly OutputDetail[];
  playlists: readonly string[];
}

const seconds = (at: Date): number => at.getTime() / 1000;

/** As `Job` of the API, by the names of the wire. */
export const toWire = (job: Job) => ({
  id: job.id,
  arn: job.arn,
  queue: job.queue,
  createdAt: seconds(job.createdAt),
  role: job.request.role,
  settings: job.request.settings,
  status: job.status,
  priority: job.request.priority ?? 0,
  userMetadata: job.request.userMetadata ?? {},
  billingTagsSource: 'JOB',
  accelerationSettings: job.request.accelerationSettings ?? { mode: 'DISABLED' },
  // Small jobs run without, whatever was preferred.
  accelerationStatus: 'NOT_APPLICABLE',
  statusUpdateInterval: job.request.statusUpdateInterval ?? 'SECONDS_60',
  ...(job.request.clientRequestToken !== undefined && { clientRequestToken: job.request.clientRequestToken }),
  ...(job.phase !== undefined && { currentPhase: job.phase }),
  ...(job.status === 'PROGRESSING' && { jobPercentComplete: Math.floor(job.percent) }),
  ...(job.errorCode !== undefined && { errorCode: job.errorCode }),
  ...(job.errorMessage !== undefined && { errorMessage: job.errorMessage }),
  ...(job.status === 'COMPLETE' && { outputGroupDetails: [{ outputDetails: job.outputs }] }),
  timing: {
    submitTime: seconds(job.createdAt),
    ...(job.startedAt && { startTime: seconds(job.startedAt) }),
    ...(job.finishedAt && { finishTime: seconds(job.finishedAt) }),
  },
  messages: { info: [], warning: [] },
});

export const isOver = ({ status }: Job): boolean => status !== 'SUBMITTED' && status !== 'PROGRESSING';
