import { type EncodingPlan } from '@kinora/media';
import { type Engine } from '../../domain/engine';
import { type Encoding, type Work } from '../../domain/encoding';
import { plannedSeconds } from '../../domain/tracks';

export interface EncodingRow {
  id: string;
  video_id: string;
  upload_id: string;
  attempt: number;
  owner_id: string;
  source_key: string;
  state: Encoding['state'];
  fence: number;
  progress: number;
  created_at: Date;
  plan: EncodingPlan | null;
  width: number | null;
  height: number | null;
  duration_ms: string | null;
  planned_seconds: number | null;
  started_at: Date | null;
  dispatched_at: Date | null;
  estimated_end: Date | null;
  playable_at: Date | null;
  finished_at: Date | null;
  error_code: string | null;
  error_message: string | null;
  published_ms: string | null;
  bytes: string | null;
  poster: boolean | null;
  storyboard: boolean | null;
  listed: string | null;
  engine: Engine['name'] | null;
  engine_reason: string | null;
  engine_job_id: string | null;
}

export const encodingColumns = (
  'id video_id upload_id attempt owner_id source_key state fence progress created_at plan width height duration_ms ' +
  'planned_seconds started_at dispatched_at playable_at finished_at error_code error_message published_ms bytes poster ' +
  'storyboard listed engine engine_reason engine_job_id estimated_end'
).split(' ') as (keyof EncodingRow)[];

const workOf = (row: EncodingRow): Work | undefined =>
  row.plan === null || row.started_at === null
    ? undefined
    : {
        plan: row.plan,
        engine: {
          name: row.engine ?? 'ffmpeg',
          reason: row.engine_reason ?? '',
          ...(row.engine_job_id !== null && { jobId: row.engine_job_id }),
        },
        width: row.width ?? 1,
        height: row.height ?? 1,
        durationMs: Number(row.duration_ms ?? 0),
        startedAt: row.started_at,
      };

/** A value that the state of a row promises. */
function there<T>(value: T | null | undefined, row: EncodingRow, column: string): T {
  if (value === null || value === undefined) throw new Error(`encoding ${row.id} is ${row.state} without ${column}`);
  return value;
}

export function toEncoding(row: EncodingRow): Encoding {
  const base = {
    id: row.id,
    videoId: row.video_id,
    uploadId: row.upload_id,
    attempt: row.attempt,
    ownerId: row.owner_id,
    sourceKey: row.source_key,
    fence: row.fence,
    progress: row.progress,
    createdAt: row.created_at,
  };
  const work = () => there(workOf(row), row, 'plan');
  const pending = () => ({
    dispatchedAt: row.dispatched_at ?? undefined,
    estimatedEnd: row.estimated_end ?? undefined,
  });
  switch (row.state) {
    case 'queued':
    case 'probing':
      return { ...base, state: row.state };
    case 'encoding':
      return { ...base, state: row.state, work: work(), ...pending() };
    case 'playable':
      return {
        ...{ ...base, state: row.state, work: work(), ...pending() },
        playableAt: there(row.playable_at, row, 'playable_at'),
      };
    case 'ready':
      return {
        ...{ ...base, state: row.state, work: work() },
        playableAt: there(row.playable_at, row, 'playable_at'),
        finishedAt: there(row.finished_at, row, 'finished_at'),
        published: {
          durationMs: Number(row.published_ms),
          bytes: Number(row.bytes),
          poster: row.poster ?? false,
          storyboard: row.storyboard ?? false,
        },
      };
    case 'failed':
    case 'cancelled':
      return {
        ...{ ...base, state: row.state, work: workOf(row), playableAt: row.playable_at ?? undefined },
        finishedAt: there(row.finished_at, row, 'finished_at'),
        error: { code: row.error_code ?? '', message: row.error_message ?? '' },
      };
  }
}

/** Everything but what landing segments write by themselves (`progress` is merged there) and `listed`. */
export function toRow(e: Encoding): Omit<
  EncodingRow,
  'plan' | 'duration_ms' | 'published_ms' | 'bytes' | 'listed' | 'estimated_end'
> & {
  plan: string | null;
  duration_ms: number | null;
  published_ms: number | null;
  bytes: number | null;
} {
  const work = 'work' in e ? e.work : undefined;
  const published = e.state === 'ready' ? e.published : undefined;
  const error = 'error' in e ? e.error : undefined;
  return {
    id: e.id,
    video_id: e.videoId,
    upload_id: e.uploadId,
    attempt: e.attempt,
    owner_id: e.ownerId,
    source_key: e.sourceKey,
    state: e.state,
    fence: e.fence,
    progress: e.progress,
    created_at: e.createdAt,
    plan: work ? JSON.stringify(work.plan) : null,
    width: work?.width ?? null,
    height: work?.height ?? null,
    duration_ms: work?.durationMs ?? null,
    planned_seconds: work ? (plannedSeconds(work.plan) ?? null) : null,
    started_at: work?.startedAt ?? null,
    dispatched_at: ('dispatchedAt' in e ? e.dispatchedAt : undefined) ?? null,
    playable_at: ('playableAt' in e ? e.playableAt : undefined) ?? null,
    finished_at: 'finishedAt' in e ? e.finishedAt : null,
    error_code: error?.code ?? null,
    error_message: error?.message ?? null,
    published_ms: published?.durationMs ?? null,
    bytes: published?.bytes ?? null,
    poster: published?.poster ?? null,
    storyboard: published?.storyboard ?? null,
    engine: work?.engine.name ?? null,
    engine_reason: work?.engine.reason ?? null,
    engine_job_id: work?.engine.jobId ?? null,
  };
}
