import { type z } from 'zod';

/** How often and how patiently a job is tried. A subset of BullMQ's options, so that contracts stay free of it. */
export interface JobPolicy {
  readonly attempts: number;
  /** First delay in milliseconds; doubles with every attempt. */
  readonly backoffMs: number;
  /** Seconds that a finished job is remembered, and with it its identity for deduplication. */
  readonly keepCompletedSeconds?: number;
}

export interface JobSpec<D extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly queue: string;
  /** `area.action.vN`; a payload that changes shape is a new version. */
  readonly name: `${string}.v${number}`;
  readonly data: D;
  readonly result: R;
  /** The job's identity: equal identities are one job. BullMQ refuses ':' in it. */
  readonly identity: (data: z.output<D>) => string;
  readonly policy: JobPolicy;
}

export const defineJob = <D extends z.ZodType, R extends z.ZodType>(spec: JobSpec<D, R>): JobSpec<D, R> => spec;

/** The services that can be told of an event. Each has one queue, `events.<service>`. */
export type Subscriber = 'auth' | 'upload' | 'transcode' | 'catalog' | 'analytics';

export interface EventSpec<D extends z.ZodType = z.ZodType> {
  /** `thing.happened.vN`. */
  readonly name: `${string}.v${number}`;
  readonly data: D;
  readonly subscribers: readonly Subscriber[];
}

export const defineEvent = <D extends z.ZodType>(spec: EventSpec<D>): EventSpec<D> => spec;

/** The queue on which a service receives its events. */
export const eventQueue = (service: Subscriber): string => `events.${service}`;
