import { type Visibility } from '@kinora/contracts-catalog';
import {
  type EncodingState,
  type Facts,
  type Pipeline,
  type Reached,
  type UploadState,
  statusOf,
} from '../../domain/videos/pipeline';
import { type VideoEntry } from '../../domain/videos/video';

/** Times are texts in JSON. */
type StoredEncoding = Omit<EncodingState, 'estimatedEnd' | 'playableAt' | 'readyAt'> & {
  readonly estimatedEnd: string | null;
  readonly playableAt: string | null;
  readonly readyAt: string | null;
};

const date = (text: string | null): Date | null => (text === null ? null : new Date(text));

const restored = (stored: StoredEncoding): EncodingState => ({
  ...stored,
  estimatedEnd: date(stored.estimatedEnd),
  playableAt: date(stored.playableAt),
  readyAt: date(stored.readyAt),
});

export interface VideoRow {
  id: string;
  owner_id: string;
  title: string;
  description: string;
  tags: string[];
  visibility: Visibility;
  status: string;
  channel_id: string | null;
  upload_id: string | null;
  upload_state: UploadState['state'] | null;
  encoding_id: string | null;
  encoding_reached: Reached | null;
  progress: number;
  estimated_end: Date | null;
  other_encodings: StoredEncoding[] | null;
  failure_code: string | null;
  failure_message: string | null;
  facts: Facts | null;
  playable_at: Date | null;
  ready_at: Date | null;
  grants_revoked_until: Date | null;
  created_at: Date;
  updated_at: Date;
  version: number;
  revision: number;
}

export const videoColumns = [
  'id',
  'owner_id',
  'title',
  'description',
  'tags',
  'visibility',
  'status',
  'channel_id',
  'upload_id',
  'upload_state',
  'encoding_id',
  'encoding_reached',
  'progress',
  'estimated_end',
  'other_encodings',
  'failure_code',
  'failure_message',
  'facts',
  'playable_at',
  'ready_at',
  'grants_revoked_until',
  'created_at',
  'updated_at',
  'version',
  'revision',
] as const satisfies readonly (keyof VideoRow)[];

const encodingOf = (row: VideoRow): EncodingState | null =>
  row.encoding_id === null || row.encoding_reached === null
    ? null
    : {
        id: row.encoding_id,
        reached: row.encoding_reached,
        progress: row.progress,
        estimatedEnd: row.estimated_end,
        failure: row.failure_code === null ? null : { code: row.failure_code, message: row.failure_message ?? '' },
        facts: row.facts,
        playableAt: row.playable_at,
        readyAt: row.ready_at,
      };

const pipelineOf = (row: VideoRow): Pipeline => ({
  upload: row.upload_state === null ? null : { id: row.upload_id, state: row.upload_state },
  encoding: encodingOf(row),
  others: (row.other_encodings ?? []).map(restored),
});

export const videoOf = (row: VideoRow): VideoEntry => ({
  id: row.id,
  ownerId: row.owner_id,
  title: row.title,
  description: row.description,
  tags: row.tags,
  visibility: row.visibility,
  channelId: row.channel_id,
  pipeline: pipelineOf(row),
  grantsRevokedUntil: row.grants_revoked_until,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
  revision: row.revision,
});

/** What is written of an entry. `facts` goes as text: the driver would take an object for something else. */
export const videoValues = (video: VideoEntry) => {
  const { upload, encoding, others } = video.pipeline;
  return {
    owner_id: video.ownerId,
    title: video.title,
    description: video.description,
    tags: [...video.tags],
    visibility: video.visibility,
    status: statusOf(video.pipeline),
    channel_id: video.channelId,
    upload_id: upload?.id ?? null,
    upload_state: upload?.state ?? null,
    encoding_id: encoding?.id ?? null,
    encoding_reached: encoding?.reached ?? null,
    progress: encoding?.progress ?? 0,
    estimated_end: encoding?.estimatedEnd ?? null,
    other_encodings: others.length > 0 ? JSON.stringify(others) : null,
    failure_code: encoding?.failure?.code ?? null,
    failure_message: encoding?.failure?.message ?? null,
    facts: encoding?.facts ? JSON.stringify(encoding.facts) : null,
    playable_at: encoding?.playableAt ?? null,
    ready_at: encoding?.readyAt ?? null,
    grants_revoked_until: video.grantsRevokedUntil,
    created_at: video.createdAt,
    updated_at: video.updatedAt,
    version: video.version,
    revision: video.revision,
  };
};
